import type { Remedy } from '../../../audit/remedy.ts';
import { type DesiredSource, givenPath, givenValue } from '../desired-view.ts';
import { workloadOf } from '../installed.ts';
import { objectName } from '../names.ts';
import { outboxVolume } from '../sidecar-view.ts';
import { type DrainPodOf, drainPod, NotDrainable } from './drain-pod.ts';

export type DrainRemedy = Extract<Remedy, { kind: 'drain_claim' }>;

/** Where a forwarder keeps its outbox, when nobody tells it otherwise (charts/service). */
export const OUTBOX_DIR = '/var/lib/scholar/outbox';

/**
 * Pure: what a drain needs to know of the workload.
 * @throws NotDrainable with the reason, in words for a person.
 */
export function drainOf({ label, claim }: DrainRemedy, source: DesiredSource): DrainPodOf {
  const name = objectName(label);
  const workload = workloadOf(source.installed, name);
  const spec = workload?.template.spec;
  if (workload === undefined || spec === undefined) throw new NotDrainable(`${name} is not installed`);
  const id = { label, role: 'forwarder' } as const;
  const outboxDir = givenValue(source, id, 'OUTBOX_DIR') ?? OUTBOX_DIR;
  const volume = outboxVolume(spec, outboxDir);
  const tokenFile = givenPath(source, id, 'CONTROL_TOKEN');
  if (volume === undefined) throw new NotDrainable(`the outbox of ${name} lies on no volume`);
  if (tokenFile === undefined)
    throw new NotDrainable(
      `the forwarder of ${name} is given no file of CONTROL_TOKEN, so it takes no orders`,
    );
  const { namespace } = source.installed;
  const of = { namespace, workload, claim, ordinal: ordinalOf(claim), volume, outboxDir, tokenFile };
  drainPod(of);
  return of;
}

/** Pure: the number of the replica that a claim was made for. */
export function ordinalOf(claim: string): number {
  return Number(claim.slice(claim.lastIndexOf('-') + 1));
}
