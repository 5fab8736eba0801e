import type { V1Container, V1PodSpec, V1Volume, V1VolumeProjection } from '../../kube/objects.ts';

/** What Secrets and ConfigMaps of the namespace hold; undefined = there is none of that name. */
export interface Sources {
  secrets: Readonly<Record<string, Record<string, string> | undefined>>;
  configMaps: Readonly<Record<string, Record<string, string> | undefined>>;
}

/** A file that a container sees under a path because a Secret or a ConfigMap is mounted there. */
export interface MountedFile {
  from: 'secret' | 'configMap';
  /** undefined = the object, or its key, is missing. */
  value: string | undefined;
}

/** Pure. @returns undefined when the path is in no mounted Secret or ConfigMap. */
export function mountedFile(
  path: string,
  { spec, container, sources }: { spec: V1PodSpec; container: V1Container; sources: Sources },
): MountedFile | undefined {
  const mounts = (container.volumeMounts ?? []).filter(({ mountPath }) => path.startsWith(`${mountPath}/`));
  const mount = mounts.sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
  const volume = spec.volumes?.find(({ name }) => name === mount?.name);
  if (mount === undefined || volume === undefined) return undefined;
  const file = path.slice(mount.mountPath.length + 1);
  // Of several projections the last one that has the file wins, as in a pod.
  const found = projections(volume).map((each) => fileOf(each, file, sources));
  return found.findLast((each) => each?.value !== undefined) ?? found.find((each) => each !== undefined);
}

/** Pure. @returns every file of the Secret that is mounted at this path; none where there is no such mount. */
export function mountedFolder(
  path: string,
  { spec, container, sources }: { spec: V1PodSpec; container: V1Container; sources: Sources },
): Record<string, string> {
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === path.replace(/\/$/u, ''));
  const volume = spec.volumes?.find(({ name }) => name === mount?.name);
  const secret = volume === undefined ? undefined : projections(volume)[0]?.secret;
  return sources.secrets[secret?.name ?? ''] ?? {};
}

/** Names of what the volumes mount, so that it can be read before it is looked into. */
export function mountedNames(spec: V1PodSpec): { secrets: string[]; configMaps: string[] } {
  const all = (spec.volumes ?? []).flatMap(projections);
  return {
    secrets: all.flatMap(({ secret }) => secret?.name ?? []),
    configMaps: all.flatMap(({ configMap }) => configMap?.name ?? []),
  };
}

/** A plain Secret or ConfigMap volume is a projection of one source. */
function projections({ secret, configMap, projected }: V1Volume): V1VolumeProjection[] {
  if (secret?.secretName !== undefined)
    return [{ secret: { name: secret.secretName, ...(secret.items && { items: secret.items }) } }];
  if (configMap !== undefined) return [{ configMap }];
  return projected?.sources ?? [];
}

function fileOf(
  { secret, configMap }: V1VolumeProjection,
  file: string,
  sources: Sources,
): MountedFile | undefined {
  const source = secret ?? configMap;
  if (source?.name === undefined) return undefined;
  const key = source.items === undefined ? file : source.items.find(({ path }) => path === file)?.key;
  if (key === undefined) return undefined;
  const held = secret === undefined ? sources.configMaps[source.name] : sources.secrets[source.name];
  return { from: secret === undefined ? 'configMap' : 'secret', value: held?.[key] };
}
