import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Definition = {
  type?: string;
  format?: string;
  properties?: Record<string, unknown>;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
};

/**
 * JSON Schemas for `kubeconform -strict` out of a cluster's own OpenAPI (v2), so that nothing is fetched: one file of
 * definitions, and a small one for each kind.
 * @returns the -schema-location template of the folder.
 */
export function writeApiSchemas(openapi: string, folder: string): string {
  const { definitions } = JSON.parse(openapi) as { definitions: Record<string, Definition> };
  const strict = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, closed(definition)]),
  );
  writeFileSync(join(folder, '_definitions.json'), JSON.stringify({ definitions: strict }));
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      const file = [kind, group.split('.')[0], version].filter((part) => part !== '').join('-');
      const schema = { $ref: `_definitions.json#/definitions/${name}` };
      writeFileSync(join(folder, `${file.toLowerCase()}.json`), JSON.stringify(schema));
    }
  }
  return join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
}

/** Unknown fields are an error; a number where Kubernetes takes either is none. */
function closed(definition: Definition): Definition | Record<string, unknown> {
  if (definition.format === 'int-or-string') return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  return definition.properties === undefined ? definition : { ...definition, additionalProperties: false };
}
