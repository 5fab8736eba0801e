import type { AppLabel } from '@scholar/contract';
import type { LeftClaimView } from '../../../audit/snapshot.ts';
import type { V1Pod } from '../../../kube/objects.ts';
import { type DesiredSource, givenValue } from '../desired-view.ts';
import { workloadOf } from '../installed.ts';
import { objectName } from '../names.ts';
import { outboxVolume } from '../sidecar-view.ts';
import { OUTBOX_DIR } from './drain-of.ts';
import { DRAIN_LABEL } from './drain-pod.ts';
import type { DrainRecord } from './drain-record.ts';
import type { Claim } from './read-claims.ts';

/** A claim that no replica of its StatefulSet will mount, as things are. */
export interface LeftClaim {
  name: string;
  createdAt: string;
  /** The number that its replica had. */
  ordinal: number;
  /** True where the app was scaled up again, and the pod of a drain that was killed keeps its replica from being made. */
  needed: boolean;
}

/**
 * Pure: claims of the outbox whose number the StatefulSet does not have any more and that no pod is using, and those
 * whose replica cannot be made because a drain that was killed has left its pod. A claim
 * that was never bound holds nothing, and one that is being deleted is somebody's decision.
 */
export function leftClaimsOf(source: DesiredSource, label: AppLabel, claims: readonly Claim[]): LeftClaim[] {
  const { installed } = source;
  const workload = workloadOf(installed, objectName(label));
  const spec = workload?.template.spec;
  if (workload?.kind !== 'StatefulSet' || spec === undefined) return [];
  const dir = givenValue(source, { label, role: 'forwarder' }, 'OUTBOX_DIR') ?? OUTBOX_DIR;
  const volume = outboxVolume(spec, dir);
  if (volume === undefined || !workload.claimTemplates?.includes(volume)) return [];
  const prefix = `${volume}-${workload.name}-`;
  return claims
    .filter(({ name, phase, leaving }) => name.startsWith(prefix) && phase === 'Bound' && !leaving)
    .map(({ name, createdAt }) => ({ name, createdAt, ordinal: ordinalOf(name.slice(prefix.length)) }))
    .filter(({ name }) => !installed.pods.some((pod) => isUsing(pod, name)))
    .map((claim) => ({ ...claim, needed: claim.ordinal < Math.max(1, workload.replicas) }))
    .filter(({ name, ordinal, needed }) =>
      needed ? installed.pods.some((pod) => isLeftPod(pod, name)) : !Number.isNaN(ordinal),
    );
}

/** Pure: what the audit is told of each of them. */
export function leftClaimViews(
  source: DesiredSource,
  label: AppLabel,
  { claims, drains }: { claims: readonly Claim[]; drains: readonly DrainRecord[] },
): LeftClaimView[] {
  const workload = workloadOf(source.installed, objectName(label));
  return leftClaimsOf(source, label, claims).map(({ name, createdAt, ordinal, needed }) => {
    const drain = drains.find((each) => each.claim === name && each.generation === workload?.generation);
    return {
      namespace: source.installed.namespace,
      claim: name,
      pod: `${objectName(label)}-${ordinal}`,
      createdAt,
      standing: needed,
      replicas: workload?.replicas ?? 0,
      drained: drain === undefined ? undefined : seenOf(drain),
    };
  });
}

/** Pure: a pod that has ended uses no volume, though it still names it. */
export function isUsing(pod: V1Pod, claim: string): boolean {
  const names = (pod.spec?.volumes ?? []).map((volume) => volume.persistentVolumeClaim?.claimName);
  return names.includes(claim) && !hasEnded(pod);
}

/** Pure: a pod of a drain, of this claim, that has ended and was not removed. */
function isLeftPod(pod: V1Pod, claim: string): boolean {
  return pod.metadata?.labels?.[DRAIN_LABEL] === claim && hasEnded(pod);
}

export function hasEnded({ status }: V1Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function seenOf({ claim: _claim, generation: _generation, ...seen }: DrainRecord): LeftClaimView['drained'] {
  return seen;
}

/** NaN for another app whose name only begins alike; it compares as no number of ours. */
function ordinalOf(text: string): number {
  return /^\d{1,6}$/u.test(text) ? Number(text) : Number.NaN;
}
