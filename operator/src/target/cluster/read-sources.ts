import type { Kube } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { V1PodSpec } from '../../kube/objects.ts';
import { referencedNames } from './desired-process.ts';
import { type Installed, podsOf } from './installed.ts';
import type { Sources } from './mounted-file.ts';
import { OPERATOR_SECRET } from './names.ts';

/**
 * Reads every Secret and ConfigMap that the pod templates name, one by one: the right to get a few is less than the right
 * to list all. What only a pod of an older template names is read where it may be; else it is left out.
 * @param more names of further Secrets.
 * @throws CouldNotLook when one of a template may not be read; one that is not there is undefined.
 */
export async function readSources(
  kube: Pick<Kube, 'secret' | 'configMap'>,
  installed: Installed,
  more: readonly string[] = [],
): Promise<Sources> {
  const wanted = namesOf(installed.workloads.flatMap(({ template }) => template.spec ?? []));
  const older = namesOf(installed.workloads.flatMap((workload) => podSpecs(installed, workload)));
  const [secrets, configMaps] = await Promise.all([
    readBoth({ wanted: [...wanted.secrets, OPERATOR_SECRET, ...more], older: older.secrets }, kube.secret),
    readBoth({ wanted: wanted.configMaps, older: older.configMaps }, kube.configMap),
  ]);
  return { secrets, configMaps };
}

function podSpecs(installed: Installed, workload: Installed['workloads'][number]): V1PodSpec[] {
  return podsOf(installed, workload).flatMap(({ spec }) => (spec === undefined ? [] : [withoutToken(spec)]));
}

/** Kubernetes itself adds the token of the service account to a pod, with a ConfigMap of its own beside it. */
export function withoutToken(spec: V1PodSpec): V1PodSpec {
  const own = (spec.volumes ?? []).filter(
    ({ projected }) =>
      !projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined),
  );
  return { ...spec, volumes: own };
}

interface Names {
  secrets: string[];
  configMaps: string[];
}

function namesOf(specs: readonly V1PodSpec[]): Names {
  const all = specs.map(referencedNames);
  return {
    secrets: all.flatMap(({ secrets }) => secrets),
    configMaps: all.flatMap(({ configMaps }) => configMaps),
  };
}

async function readBoth<T>(
  { wanted, older }: { wanted: readonly string[]; older: readonly string[] },
  read: (name: string) => Promise<T>,
): Promise<Record<string, T>> {
  const only = older.filter((name) => !wanted.includes(name));
  const [first, second] = await Promise.all([
    Promise.all([...new Set(wanted)].map(async (name) => [name, await read(name)] as const)),
    Promise.all([...new Set(only)].map((name) => readAllowed(name, read))),
  ]);
  return Object.fromEntries([...first, ...second.flat()]);
}

async function readAllowed<T>(
  name: string,
  read: (name: string) => Promise<T>,
): Promise<(readonly [string, T])[]> {
  try {
    return [[name, await read(name)]];
  } catch (cause) {
    if (cause instanceof KubeError && cause.status === 403) return [];
    throw cause;
  }
}
