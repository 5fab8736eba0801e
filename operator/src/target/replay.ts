import type { AppLabel } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import { z } from 'zod';
import { jsonOf, type Reply } from '../gather/http-client.ts';
import type { Target } from './target.ts';

/** Asks a forwarder's control port, with its token. */
export type AskControl = (question: {
  method: 'GET' | 'POST';
  path: string;
  json?: unknown;
  timeoutMs?: number;
}) => Promise<Reply>;

export interface ReplayOf {
  label: AppLabel;
  /** One for each forwarder of the app; which of them holds an event is found out. */
  forwarders: readonly AskControl[];
}

/** So many are under way at once: a forwarder syncs them to its disk together. */
const AT_ONCE = 16;

/**
 * Puts events back into the queue, in no order.
 * @returns how many. @throws Error after the last one when no forwarder keeps some of them.
 */
export async function replay(of: ReplayOf, eventIds: readonly string[], atOnce = AT_ONCE): Promise<number> {
  const refused: string[] = [];
  const left = eventIds.values();
  const work = async (): Promise<void> => {
    for (const eventId of left) {
      const status = await replayOne(of, eventId);
      if (status >= 300) refused.push(`${eventId} (status ${status})`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const [first] = refused;
  if (first === undefined) return eventIds.length;
  throw new Error(
    `The forwarder of ${of.label} cannot replay ${refused.length} of ${eventIds.length} events, ${first} among them.`,
  );
}

export interface RowProof {
  readRows: Target['readRows'];
  clock: Pick<Clock, 'monotonic' | 'sleep'>;
}

/** A forwarder sends hundreds of events a second; a busy A8 takes fewer. */
const ROWS_TIMEOUT_MS = 60_000;
const ROWS_AGAIN_MS = 100;

/**
 * As `replay`, and waits until each event is a row again, read out of the database by its id.
 * @returns what was done, in words. @throws Error when some are no rows in time, and as `replay` once the others are.
 */
export async function replayToRows(
  of: ReplayOf,
  eventIds: readonly string[],
  proof: RowProof,
): Promise<string> {
  await replay(of, eventIds);
  const absent = await stillAbsent(eventIds, proof);
  const [first] = absent;
  if (first === undefined)
    return `the forwarder of ${of.label} sent ${eventIds.length} events again, and ${eventIds.length} of ${eventIds.length} are rows`;
  throw new Error(
    `The forwarder of ${of.label} sends ${eventIds.length} events again, and ${absent.length} of them are no rows yet, ${first} among them.`,
  );
}

/** Ids that are no rows when all are or the time is over. */
async function stillAbsent(eventIds: readonly string[], { readRows, clock }: RowProof): Promise<string[]> {
  const deadline = clock.monotonic() + ROWS_TIMEOUT_MS;
  let absent = [...eventIds];
  for (;;) {
    const there = new Set((await readRows(absent)).map(({ event_id }) => event_id));
    absent = absent.filter((id) => !there.has(id));
    if (absent.length === 0 || clock.monotonic() >= deadline) return absent;
    await clock.sleep(ROWS_AGAIN_MS);
  }
}

async function replayOne({ forwarders }: ReplayOf, eventId: string): Promise<number> {
  let status = 404;
  for (const ask of forwarders) {
    ({ status } = await ask({ method: 'POST', path: `/events/${eventId}/replay` }));
    if (status < 300) break;
  }
  return status;
}

const listedSchema = z.object({ events: z.array(z.object({ event_id: z.string() })) });

/** Oldest first, at most a thousand of each: a person looks at more than that. @returns how many were put back into the queue. */
export async function replayDead(of: ReplayOf): Promise<number> {
  let count = 0;
  for (const ask of of.forwarders) {
    const reply = await ask({ method: 'GET', path: '/outbox?state=dead&limit=1000' });
    if (reply.status !== 200)
      throw new Error(`The forwarder of ${of.label} does not list its dead letters: status ${reply.status}.`);
    const ids = listedSchema.parse(jsonOf(reply)).events.map(({ event_id }) => event_id);
    count += await replay({ ...of, forwarders: [ask] }, ids, 1);
  }
  return count;
}
