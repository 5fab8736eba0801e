import type { Kube } from '../../kube/kube-client.ts';
import type { V1PodSpec } from '../../kube/objects.ts';
import { referencedNames } from './desired-process.ts';
import { type Installed, podsOf } from './installed.ts';
import type { Sources } from './mounted-file.ts';
import { OPERATOR_SECRET } from './names.ts';

/**
 * Reads every Secret and ConfigMap that the pod templates and their pods name, one by one: the right to get a few is less than the
 * right to list all.
 * @param more names of further Secrets.
 * @throws CouldNotLook when one may not be read; one that is not there is undefined.
 */
export async function readSources(
  kube: Kube,
  installed: Installed,
  more: readonly string[] = [],
): Promise<Sources> {
  const named = podSpecs(installed).map(referencedNames);
  const secrets = [...named.flatMap((names) => names.secrets), OPERATOR_SECRET, ...more];
  const [secretData, configData] = await Promise.all([
    readEach(secrets, kube.secret),
    readEach(
      named.flatMap((names) => names.configMaps),
      kube.configMap,
    ),
  ]);
  return { secrets: secretData, configMaps: configData };
}

/** Templates, and pods that were made from older ones and may name other objects. */
function podSpecs(installed: Installed): V1PodSpec[] {
  return installed.workloads.flatMap((workload) =>
    [workload.template.spec, ...podsOf(installed, workload).map(({ spec }) => spec)].flatMap(
      (spec) => spec ?? [],
    ),
  );
}

async function readEach<T>(
  names: readonly string[],
  read: (name: string) => Promise<T>,
): Promise<Record<string, T>> {
  const unique = [...new Set(names)];
  return Object.fromEntries(await Promise.all(unique.map(async (name) => [name, await read(name)] as const)));
}
