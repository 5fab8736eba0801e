import type { ProcessRole, ServedLabel } from '../../audit/remedy.ts';
import type { DesiredProcessView } from '../../audit/snapshot.ts';
import { desiredProcess } from './desired-process.ts';
import { type Installed, podsOf, workloadOf } from './installed.ts';
import type { Sources } from './mounted-file.ts';
import { FORWARDER, objectName } from './names.ts';
import { chosenPod } from './pod-choice.ts';

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

export function desiredView(view: DesiredSource, id: ProcessId): DesiredProcessView {
  const workload = workloadOf(view.installed, objectName(id.label));
  const spec = workload?.template.spec;
  const container = containerOf(view, id);
  if (workload === undefined || spec === undefined || container === undefined)
    return { settings: {}, secrets: {}, deviating: [] };
  const pod = chosenPod(podsOf(view.installed, workload));
  return desiredProcess({ spec, container, pod, sources: view.sources });
}
