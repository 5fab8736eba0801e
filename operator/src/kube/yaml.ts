import { dumpYaml } from '@kubernetes/client-node';

/**
 * An object as YAML, field for field. The client would take a kind that it knows for one of its models and drop what
 * that model lacks (CEL rules among it), so the kind is written by us.
 */
export function yamlOf(object: { apiVersion: string; kind: string }): string {
  const { apiVersion, kind, ...rest } = object;
  return `apiVersion: ${apiVersion}\nkind: ${kind}\n${dumpYaml(rest, { lineWidth: -1, noRefs: true })}`;
}
