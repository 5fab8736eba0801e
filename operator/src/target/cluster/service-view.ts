import type { ServiceView } from '../../audit/snapshot.ts';
import type { V1Pod } from '../../kube/objects.ts';
import { type Installed, matches, podsOf, workloadOf } from './installed.ts';
import { isLeaving, isReady, nameOf } from './pod-choice.ts';

/**
 * Pure: the pods that a Service leads to, against those of the workload with its name.
 * @returns undefined where there is no such Service or workload, or somebody else writes the Service's endpoints.
 */
export function serviceView(installed: Installed, name: string): ServiceView | undefined {
  const selector = installed.services.find(({ metadata }) => metadata?.name === name)?.spec?.selector;
  const workload = workloadOf(installed, name);
  if (selector === undefined || workload === undefined) return undefined;
  const own = podsOf(installed, workload).filter(runs);
  const names = own.map(nameOf);
  const selected = installed.pods.filter((pod) => runs(pod) && matches(pod, selector)).map(nameOf);
  return {
    name,
    selected,
    strangers: selected.filter((pod) => !names.includes(pod)),
    readyPods: own.filter(isReady).map(nameOf),
  };
}

/** What has ended or is on its way out gets no requests. */
function runs(pod: V1Pod): boolean {
  return pod.status?.phase === 'Running' && !isLeaving(pod);
}
