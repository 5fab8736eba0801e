import { type AppLabel, canaryEventId, eventHeaders, mintCanary } from '@scholar/contract';
import { OWN_EVENT } from '../verify/canary-probe.ts';
import { simulatedEvent } from '../verify/write-samples.ts';

/** An event of a drill, ready to be posted; its id is known before anything is sent. */
export interface DrillEvent {
  id: string;
  headers: Record<string, string>;
  body: string;
}

export interface DrillIdentity {
  /** A uuid of this drill alone. */
  drillId: string;
  label: AppLabel;
  canaryKey: string;
  /** Unix ms until which A8 takes the events for canaries; they may lie in the queue for a while. */
  notAfterMs: number;
}

const KIB = 1024;
const MIB = KIB * KIB;

/**
 * Pure: the `number`th event of a drill, a canary without anything personal in it.
 * @param bytes the size of the body. Beyond the event itself it is blanks after the JSON: they fill the forwarder's disk
 * and leave no trace in A8's row.
 */
export function drillEvent(identity: DrillIdentity, number: number, bytes = 0): DrillEvent {
  const { drillId, label, canaryKey, notAfterMs } = identity;
  const eventType = OWN_EVENT[label];
  const canaryId = `drill-${drillId}-${number}`;
  const id = canaryEventId({ key: canaryKey, canaryId, label, eventType });
  return {
    id,
    headers: eventHeaders({ label, eventId: id, canary: mintCanary(canaryKey, { canaryId, notAfterMs }) }),
    body: JSON.stringify(simulatedEvent(eventType, label, 'outage drill')).padEnd(bytes),
  };
}

/** Pure: bytes of the drill's own disk. The least that a forwarder takes, and room for the events that it must keep. */
export function drillQuota(events: number): number {
  return MIB + events * KIB;
}

/** The disk is filled by large events first, and then by small ones until the last gap is closed. */
export const FILLER_BYTES = [32 * KIB, 0] as const;

/** More than fit into any quota of a drill. */
export const MOST_FILLERS = 1_000;
