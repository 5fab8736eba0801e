import type { DesiredProcessView } from '../../audit/snapshot.ts';
import { fileValue } from '../../gather/file-value.ts';
import { wantedSecret } from '../../gather/wanted-secret.ts';
import type { V1Container, V1EnvVar, V1Pod, V1PodSpec } from '../../kube/objects.ts';
import { mountedFile, mountedNames, type Sources } from './mounted-file.ts';
import { asProcessShows } from './shown-value.ts';

export interface WantedProcess {
  /** Of the workload's template: what its next pod will run with. */
  spec: V1PodSpec;
  container: V1Container;
  /** Whose name and address the template's field references stand for; undefined where none runs. */
  pod: V1Pod | undefined;
  sources: Sources;
}

/** A value of the environment, and whether it came from a Secret. */
export interface Given {
  /** undefined = there is none, or its Secret is missing. */
  value: string | undefined;
  secret: boolean;
  /** True for what the process reads from a mounted file, under the name without `_FILE`. */
  file?: boolean;
  /** True for what only the pod itself could tell, such as a limit of its own. */
  unknown?: boolean;
}

/**
 * Pure: what the pod template, with the ConfigMaps and Secrets that it names, gives to a container: plain settings by
 * value, what lies in Secrets by fingerprint, as the process itself would tell of them in /running.
 */
export function desiredProcess(wanted: WantedProcess): DesiredProcessView {
  const settings: Record<string, string> = {};
  const secrets: DesiredProcessView['secrets'] = {};
  for (const [key, { value, secret }] of givenValues(wanted)) {
    if (!secret) {
      if (value !== undefined) settings[key] = asProcessShows(value);
      continue;
    }
    const { shown, fingerprint } = wantedSecret(value);
    if (shown !== undefined) settings[key] = shown;
    secrets[key] = fingerprint;
  }
  return { settings, secrets, deviating: [] };
}

/** Pure: every setting as the process reads it; a `NAME_FILE` in a mounted Secret or ConfigMap is the NAME in it. */
export function givenValues(wanted: WantedProcess): Map<string, Given> {
  const values = new Map<string, Given>();
  for (const [key, given] of environment(wanted)) {
    const file =
      key.endsWith('_FILE') && given.value !== undefined ? mountedFile(given.value, wanted) : undefined;
    const value = file === undefined ? given.value : fileValue(file.value);
    const secret = file === undefined ? given.secret : file.from === 'secret';
    const name = file === undefined ? key : key.slice(0, -'_FILE'.length);
    const { unknown = false } = given;
    // An empty value counts as none.
    values.set(name, { value: value === '' ? undefined : value, secret, file: file !== undefined, unknown });
  }
  return values;
}

/** Pure: the file that a process reads a setting from; undefined where it is given the value itself, or nothing. */
export function givenFile(wanted: WantedProcess, key: string): string | undefined {
  return environment(wanted).get(`${key}_FILE`)?.value || undefined;
}

/** Names of the Secrets and ConfigMaps that a template's containers read, by environment or by mount. */
export function referencedNames(spec: V1PodSpec): { secrets: string[]; configMaps: string[] } {
  const names = mountedNames(spec);
  for (const { env = [], envFrom = [] } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const { secretRef, configMapRef } of envFrom) {
      if (secretRef?.name !== undefined) names.secrets.push(secretRef.name);
      if (configMapRef?.name !== undefined) names.configMaps.push(configMapRef.name);
    }
    for (const { valueFrom } of env) {
      if (valueFrom?.secretKeyRef?.name !== undefined) names.secrets.push(valueFrom.secretKeyRef.name);
      if (valueFrom?.configMapKeyRef?.name !== undefined)
        names.configMaps.push(valueFrom.configMapKeyRef.name);
    }
  }
  return names;
}

/** As the kubelet builds it: envFrom in order, a later source over an earlier one, then env over all of them. */
function environment({ container, pod, sources }: WantedProcess): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const { secretRef, configMapRef, prefix = '' } of container.envFrom ?? []) {
    const secret = secretRef !== undefined;
    const held = secret
      ? sources.secrets[secretRef.name ?? '']
      : sources.configMaps[configMapRef?.name ?? ''];
    for (const [key, value] of Object.entries(held ?? {})) given.set(`${prefix}${key}`, { value, secret });
  }
  for (const variable of container.env ?? [])
    given.set(variable.name, variableValue(variable, { given, pod, sources }));
  return given;
}

function variableValue(
  { value = '', valueFrom }: V1EnvVar,
  { given, pod, sources }: { given: ReadonlyMap<string, Given>; pod: V1Pod | undefined; sources: Sources },
): Given {
  if (valueFrom === undefined) return { value: expanded(value, given), secret: false };
  const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom;
  if (secretKeyRef !== undefined)
    return { value: sources.secrets[secretKeyRef.name ?? '']?.[secretKeyRef.key], secret: true };
  if (configMapKeyRef !== undefined)
    return { value: sources.configMaps[configMapKeyRef.name ?? '']?.[configMapKeyRef.key], secret: false };
  const told = fieldRef === undefined ? undefined : podField(pod, fieldRef.fieldPath);
  return { value: told, secret: false, unknown: told === undefined };
}

/** `$(NAME)` stands for a variable above it; `$$(NAME)` and unknown names stay as they are. */
function expanded(text: string, given: ReadonlyMap<string, Given>): string {
  return text.replace(/\$\$|\$\(([^)]+)\)/gu, (match, name: string | undefined) =>
    name === undefined ? '$' : (given.get(name)?.value ?? match),
  );
}

function podField(pod: V1Pod | undefined, path: string): string | undefined {
  const fields: Record<string, string | undefined> = {
    'metadata.name': pod?.metadata?.name,
    'metadata.namespace': pod?.metadata?.namespace,
    'metadata.uid': pod?.metadata?.uid,
    'spec.nodeName': pod?.spec?.nodeName,
    'status.podIP': pod?.status?.podIP,
    'status.hostIP': pod?.status?.hostIP,
  };
  return fields[path];
}
