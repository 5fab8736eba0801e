import type { V1Pod } from '../../kube/objects.ts';
import type { Workload, WorkloadStatus } from './installed.ts';
import { isLeaving } from './pod-choice.ts';
import { rolloutState } from './repair/rollout.ts';

/** A rollout that has shown no progress for so long stands still: as long as one pod may take to become ready. */
const STANDS_STILL_MS = 600_000;

/**
 * Pure: whether the pods of a workload are being exchanged, so that there are rightly two of everything. One that its
 * controller has given up or does not carry on (paused, OnDelete), or that shows no progress, is not moving.
 */
export function isMoving(workload: Workload, pods: readonly V1Pod[], nowMs: number): boolean {
  const { status, replicas, generation = 0, held = false } = workload;
  if (status === undefined || held) return false;
  if ((status.observedGeneration ?? 0) < generation) return true;
  if (pods.some((pod) => isLeaving(pod) && !isLongAgo(pod.metadata?.deletionTimestamp, nowMs))) return true;
  const { state } = rolloutState({ generation, replicas, status, pods }, nowMs);
  return state === 'rolling' && signsOfProgress(status, pods).some((at) => !isLongAgo(at, nowMs));
}

function signsOfProgress(status: WorkloadStatus, pods: readonly V1Pod[]): (Date | undefined)[] {
  const conditions = (status.conditions ?? []).filter(({ type }) => type === 'Progressing');
  return [
    ...conditions.map(({ lastUpdateTime }) => lastUpdateTime),
    ...pods.map(({ metadata }) => metadata?.creationTimestamp),
    ...pods.map(({ status: of }) => of?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime),
  ];
}

function isLongAgo(at: Date | undefined, nowMs: number): boolean {
  return at === undefined || nowMs - at.getTime() > STANDS_STILL_MS;
}
