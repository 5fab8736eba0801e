import type { ProcessView } from '../../audit/snapshot.ts';
import type { V1ContainerStatus, V1Pod } from '../../kube/objects.ts';
import type { Workload } from './installed.ts';
import { containerStatus, hasContainer, isLeaving, nameOf } from './pod-choice.ts';

/** A process of the cluster, and where its log is. */
export interface PodProcess {
  view: Omit<ProcessView, 'lastLines'>;
  /** undefined = there is no pod. */
  pod: string | undefined;
}

/** Which containers are meant: those of one name in all pods of a workload. */
export interface Containers {
  workload: Workload | undefined;
  pods: readonly V1Pod[];
  container: string;
}

/** Pure: what the containers say; of several the worst off speaks. */
export function podProcess({ workload, pods, container }: Containers, nowMs: number): PodProcess {
  if (workload === undefined) return nothing('it is not installed: there is no such workload');
  if (workload.replicas === 0) return nothing(`the ${workload.kind} ${workload.name} is scaled to 0`);
  const staying = pods.filter((pod) => !isLeaving(pod));
  const all = staying.map(
    (pod): PodProcess => ({ pod: nameOf(pod), view: viewOf({ pod, container, nowMs }) }),
  );
  const worst = all.sort((a, b) => BADNESS[b.view.state] - BADNESS[a.view.state])[0];
  return (
    worst ??
    nothing(workload.trouble ?? `the ${workload.kind} ${workload.name} has no pod; its events say why`)
  );
}

const BADNESS: Record<ProcessView['state'], number> = {
  crashing: 4,
  stopped: 3,
  starting: 2,
  unknown: 1,
  running: 0,
};

function nothing(why: string): PodProcess {
  return { pod: undefined, view: { state: 'stopped', restarts: 0, lastExit: why } };
}

function viewOf({
  pod,
  container,
  nowMs,
}: {
  pod: V1Pod;
  container: string;
  nowMs: number;
}): PodProcess['view'] {
  const status = containerStatus(pod, container);
  if (status !== undefined)
    return { state: stateOf(status, nowMs), restarts: status.restartCount, lastExit: lastExit(status) };
  // A pod that was made without its sidecar never gets one.
  if (!hasContainer(pod, container))
    return {
      state: 'stopped',
      restarts: 0,
      lastExit: `the pod ${nameOf(pod)} has no container ${container}`,
    };
  return { state: 'starting', restarts: 0, lastExit: notScheduled(pod) };
}

/** A container that dies at each start runs for a moment each time; that moment is no sign of life. */
const JUST_STARTED_MS = 10_000;

function stateOf({ state, started, restartCount }: V1ContainerStatus, nowMs: number): ProcessView['state'] {
  if (state?.running !== undefined) {
    const age = nowMs - (state.running.startedAt?.getTime() ?? 0);
    if (restartCount >= 2 && age < JUST_STARTED_MS) return 'crashing';
    return started === false ? 'starting' : 'running';
  }
  if (state?.terminated !== undefined) return state.terminated.exitCode === 0 ? 'starting' : 'crashing';
  return state?.waiting?.reason === 'CrashLoopBackOff' ? 'crashing' : 'starting';
}

function lastExit({ state, lastState }: V1ContainerStatus): string | null {
  const ended = state?.terminated ?? lastState?.terminated;
  const waiting = state?.waiting;
  // An image that cannot be pulled has no end, only a reason why it does not begin.
  if (ended === undefined)
    return waiting?.reason === undefined
      ? null
      : [waiting.reason, waiting.message].filter(Boolean).join(': ');
  const by = ended.signal === undefined ? `exit code ${ended.exitCode}` : `signal ${ended.signal}`;
  return ended.reason === undefined || ended.reason === 'Error' ? by : `${ended.reason}, ${by}`;
}

function notScheduled(pod: V1Pod): string | null {
  const condition = pod.status?.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  return condition === undefined
    ? (pod.status?.message ?? null)
    : `${condition.reason ?? 'Unschedulable'}: ${condition.message ?? ''}`;
}
