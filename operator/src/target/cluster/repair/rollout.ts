import type { V1Pod } from '../../../kube/objects.ts';
import { isLeaving, isReady } from '../pod-choice.ts';

/** A StatefulSet or a Deployment as its controller sees it, with its pods. */
export interface Rolling {
  generation: number;
  replicas: number;
  status: {
    observedGeneration?: number | undefined;
    replicas?: number | undefined;
    updatedReplicas?: number | undefined;
    readyReplicas?: number | undefined;
    /** Of a StatefulSet: the revision that its pods are to have. */
    updateRevision?: string | undefined;
    conditions?: { type: string; status: string; reason?: string | undefined }[] | undefined;
  };
  pods: readonly V1Pod[];
}

/** `done`: all pods are of the present template and ready. `stuck`: they will not be so by waiting. */
export type RolloutState = { state: 'done' | 'rolling' | 'stuck'; detail: string };

/** A pod that is not ready by then counts as stuck: longer than the charts' startup probe lets it try. */
const STUCK_MS = 600_000;

/**
 * Pure. Crashing pods are no rollout in progress: they are what a repair is for.
 * @param judged which pods may speak for `stuck`; all of them unless only those of one change matter.
 */
export function rolloutState(
  rolling: Rolling,
  nowMs: number,
  judged: (pod: V1Pod) => boolean = () => true,
): RolloutState {
  const { status, replicas, generation, pods } = rolling;
  const updated = status.updatedReplicas ?? 0;
  const ready = status.readyReplicas ?? 0;
  const detail = `${updated} of ${replicas} pods updated, ${ready} ready`;
  if ((status.observedGeneration ?? 0) < generation) return { state: 'rolling', detail };
  const staying = pods.filter((pod) => !isLeaving(pod));
  const whole = updated >= replicas && ready >= replicas && (status.replicas ?? 0) === replicas;
  if (whole && staying.every((pod) => isOfRevision(pod, status.updateRevision)))
    return { state: 'done', detail };
  if (hasGivenUp(status.conditions)) return { state: 'stuck', detail: `${detail}; its deadline has passed` };
  const failing = staying
    .filter(judged)
    .map((pod) => whyStuck(pod, nowMs))
    .find((why) => why !== undefined);
  return failing === undefined
    ? { state: 'rolling', detail }
    : { state: 'stuck', detail: `${detail}; ${failing}` };
}

function isOfRevision(pod: V1Pod, revision: string | undefined): boolean {
  const own = pod.metadata?.labels?.['controller-revision-hash'];
  return revision === undefined || own === undefined || own === revision;
}

function hasGivenUp(conditions: Rolling['status']['conditions']): boolean {
  return (conditions ?? []).some(
    ({ type, status, reason }) =>
      type === 'Progressing' && status === 'False' && reason === 'ProgressDeadlineExceeded',
  );
}

const HOPELESS = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
]);

function whyStuck(pod: V1Pod, nowMs: number): string | undefined {
  const name = pod.metadata?.name ?? '';
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const { state, restartCount, name: container, lastState } of containers) {
    const reason = state?.waiting?.reason;
    if (reason !== undefined && HOPELESS.has(reason)) return `${container} of ${name}: ${reason}`;
    const code = (state?.terminated ?? lastState?.terminated)?.exitCode;
    if (restartCount >= 2 && !isReady(pod))
      return `${container} of ${name} dies again and again, exit code ${code}`;
  }
  const since = pod.metadata?.creationTimestamp?.getTime() ?? nowMs;
  return !isReady(pod) && nowMs - since > STUCK_MS ? `${name} has not become ready` : undefined;
}
