import type { Running } from '@scholar/contract';
import type { ProbeView } from '../audit/snapshot.ts';
import { askTold } from './ask-told.ts';
import type { Ask } from './http-client.ts';
import { probe } from './probe.ts';

/** One service as it answers: to its users, and about itself. */
export interface Observed {
  health: ProbeView;
  ready: ProbeView;
  running: Running | undefined;
  /** Seconds since the process started; null when it does not tell. */
  uptimeSeconds: number | null;
  clockAheadMs: number | undefined;
}

export interface ServiceDoors {
  /** As its users reach it. */
  url: string;
  ops: string;
}

/** Asks both doors of a service at once. Never throws. */
export async function observe(
  { ask, now }: { ask: Ask; now: () => number },
  { url, ops }: ServiceDoors,
): Promise<Observed> {
  const [health, ready, { running, clockAheadMs }] = await Promise.all([
    probe(ask, `${url}/health`),
    probe(ask, `${url}/ready`),
    askTold({ ask, now }, ops),
  ]);
  const uptimeSeconds = running === undefined ? null : (now() - Date.parse(running.started_at)) / 1_000;
  return { health, ready, running, uptimeSeconds, clockAheadMs };
}
