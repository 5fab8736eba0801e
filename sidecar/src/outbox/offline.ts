import type { DeadLetter, EventStatus, EventSummary, QueuedEvent } from './api.ts';
import type { Disk } from './disk.ts';

export interface OutboxListing {
  events: EventSummary[];
  totals: { queued: number; delivered: number; dead: number; discarded: number };
}

export interface OutboxVerification {
  /** false: something was lost, damaged or is not ours; the CLI exits 1. A torn tail alone is a crash's normal trace and stays ok. */
  ok: boolean;
  segments: number;
  counts: { queued: number; delivered: number; dead: number; discarded: number; quarantined: number };
  torn: { file: string; offset: number; bytes: number }[];
  corrupt: { file: string; offset: number; bytes: number }[];
  quarantineFiles: string[];
  orphans: string[];
  missingSegments: number[];
  /** pid of a living owner, when there is one */
  inUseBy: number | undefined;
}

/** Reads the folder without its lock and without changing anything; may see an event that is just being settled. */
export async function listOutbox(
  dir: string,
  query: { state?: 'queued' | 'delivered' | 'dead'; limit?: number; disk?: Disk } = {},
): Promise<OutboxListing> {
  await Promise.resolve();
  throw new Error(`not built yet: ${dir} ${query.limit}`);
}

/** The whole event with its bytes and state; undefined when it is not in the folder. */
export async function showEvent(
  dir: string,
  eventId: string,
  options: { disk?: Disk } = {},
): Promise<{ status: EventStatus; event: QueuedEvent | DeadLetter } | undefined> {
  await Promise.resolve();
  throw new Error(`not built yet: ${dir} ${eventId} ${options.disk}`);
}

/** Reads every record of every file and checks each CRC. Changes nothing. */
export async function verifyOutbox(dir: string, options: { disk?: Disk } = {}): Promise<OutboxVerification> {
  await Promise.resolve();
  throw new Error(`not built yet: ${dir} ${options.disk}`);
}
