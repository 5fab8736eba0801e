import type { V1Pod } from '../../../kube/objects.ts';
import { CLAIM_MS, type LedgerEntry } from '../../../remedy/budget.ts';
import { nameOf } from '../pod-choice.ts';

/** Pure: the name under which an operator's pod repairs. Whoever reads it can look whether that pod is still there. */
export function operatorHolder(pod: string): string {
  return `the operator in the pod ${pod}`;
}

/** Pure: the pod of a holder, whatever it repairs for; undefined for everybody else who may repair. */
export function podOfHolder(holder: string): string | undefined {
  return /^the operator in the pod (?<pod>\S+)/u.exec(holder)?.groups?.['pod'];
}

/**
 * Pure: whether the process that holds an entry has ended for certain: its pod is gone or finished, or runs another
 * process, which began after the claim was renewed. Both times are of that pod's node.
 */
export function isHolderGone({ holder, until }: LedgerEntry, pods: readonly V1Pod[]): boolean {
  const name = podOfHolder(holder);
  if (name === undefined) return false;
  const pod = pods.find((each) => nameOf(each) === name);
  if (pod === undefined) return true;
  const startedAt = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt;
  return startedAt === undefined || new Date(startedAt).getTime() > until - CLAIM_MS;
}
