import type { ProcessRole, ServedLabel } from '../../audit/remedy.ts';
import type { DesiredProcessView } from '../../audit/snapshot.ts';
import type { V1PodSpec } from '../../kube/objects.ts';
import {
  desiredProcess,
  givenFile,
  givenValues,
  referencedNames,
  type WantedProcess,
} from './desired-process.ts';
import { type Installed, podsOf, workloadOf } from './installed.ts';
import type { Sources } from './mounted-file.ts';
import { FORWARDER, objectName } from './names.ts';
import { chosenPod } from './pod-choice.ts';
import { withoutToken } from './read-sources.ts';

/** Where the desired configuration is written: pod templates, and the objects that they name. */
export interface DesiredSource {
  installed: Installed;
  sources: Sources;
}

export interface ProcessId {
  label: ServedLabel;
  role: ProcessRole;
}

/** The container that runs a process: the forwarder by its name, the app by its object's, else the pod's first. */
export function containerOf({ installed }: Pick<DesiredSource, 'installed'>, { label, role }: ProcessId) {
  const spec = workloadOf(installed, objectName(label))?.template.spec;
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  if (role === 'forwarder') return all.find(({ name }) => name === FORWARDER);
  const apps = (spec?.containers ?? []).filter(({ name }) => name !== FORWARDER);
  return apps.find(({ name }) => name === 'app' || name === objectName(label)) ?? apps[0];
}

/** @param ofPod true while pods are exchanged: what the pod that speaks was made with is right for it until it goes. */
export function desiredView(source: DesiredSource, id: ProcessId, ofPod = false): DesiredProcessView {
  const template = wantedProcess(source, id);
  const wanted = (ofPod ? asMade(source, template) : undefined) ?? template;
  return wanted === undefined ? { settings: {}, secrets: {}, deviating: [] } : desiredProcess(wanted);
}

/** @returns the values themselves, for what the operator has to ask with; undefined where the process gets none. */
export function givenValue(source: DesiredSource, id: ProcessId, key: string): string | undefined {
  const wanted = wantedProcess(source, id);
  return wanted === undefined ? undefined : givenValues(wanted).get(key)?.value;
}

/** @returns where a process reads a setting from, in its container; undefined where no file was named. */
export function givenPath(source: DesiredSource, id: ProcessId, key: string): string | undefined {
  const wanted = wantedProcess(source, id);
  return wanted === undefined ? undefined : givenFile(wanted, key);
}

/**
 * What the pod that runs gives to a process, by its own spec: it may have been made from an older template.
 * @returns undefined where no pod runs, it has no such container, or names what may not be read.
 */
export function givenToPod(source: DesiredSource, id: ProcessId, key: string): string | null | undefined {
  const made = asMade(source, wantedProcess(source, id));
  return made === undefined ? undefined : (givenValues(made).get(key)?.value ?? null);
}

/** The process as its pod was made, by the pod's own spec. */
function asMade(source: DesiredSource, wanted: WantedProcess | undefined): WantedProcess | undefined {
  const spec = wanted?.pod?.spec;
  if (wanted === undefined || spec === undefined) return undefined;
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const container = all.find(({ name }) => name === wanted.container.name);
  if (container === undefined || !isRead(withoutToken(spec), source)) return undefined;
  return { ...wanted, spec, container };
}

/** What is named and was not read is unknown, which is another thing than not being there. */
function isRead(spec: V1PodSpec, { sources }: DesiredSource): boolean {
  const { secrets, configMaps } = referencedNames(spec);
  return (
    secrets.every((name) => name in sources.secrets) && configMaps.every((name) => name in sources.configMaps)
  );
}

/** @returns undefined where the workload is not installed. */
export function wantedProcess(source: DesiredSource, id: ProcessId): WantedProcess | undefined {
  const workload = workloadOf(source.installed, objectName(id.label));
  const spec = workload?.template.spec;
  const container = containerOf(source, id);
  if (workload === undefined || spec === undefined || container === undefined) return undefined;
  const pod = chosenPod(podsOf(source.installed, workload));
  return { spec, container, pod, sources: source.sources };
}
