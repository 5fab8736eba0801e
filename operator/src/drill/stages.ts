import type { Clock } from '@scholar/runtime/clock';
import { type DrillEvent, FILLER_BYTES, MOST_FILLERS } from './drill-events.ts';
import type { DrillForwarder, DrillStatus } from './drill-forwarder.ts';

type EventOf = (number: number, bytes?: number) => DrillEvent;

interface Sending {
  forwarder: Pick<DrillForwarder, 'post'>;
  eventOf: EventOf;
  /** Number of the first event. */
  from: number;
  signal: AbortSignal;
}

const AT_ONCE = 8;
const POLL_MS = 50;
/** One event to an A8 that is there. */
const RECEIPT_MS = 15_000;
/** After the first refusal: so many more show that it stays one. */
const REFUSALS = 3;

/**
 * One event goes all the way before the outage: a wrong key would look like lost events afterwards.
 * @throws Error when A8 does not confirm it.
 */
export async function assertWay({
  forwarder,
  clock,
  event,
  signal,
}: {
  forwarder: Pick<DrillForwarder, 'post' | 'stateOf' | 'status'>;
  clock: Clock;
  event: DrillEvent;
  signal: AbortSignal;
}): Promise<void> {
  const { status } = await forwarder.post(event);
  const deadline = clock.monotonic() + RECEIPT_MS;
  let state = status === 202 ? 'queued' : `refused with ${status}`;
  while (state === 'queued' && clock.monotonic() < deadline) {
    await clock.sleep(POLL_MS, signal);
    signal.throwIfAborted();
    state = await forwarder.stateOf(event.id);
  }
  if (state === 'delivered') return;
  const { hold } = await forwarder.status();
  const why = hold === null ? '' : ` (${hold.reason})`;
  throw new Error(
    `No drill: before the outage began A8 confirmed no event of the drill's forwarder, it was ${state}${why}. See \`scholar audit\`.`,
  );
}

/** Hands over `count` events and @returns the ids that were acknowledged: 202 says that the event is on disk. */
export async function queueEvents({
  forwarder,
  eventOf,
  from,
  count,
  signal,
}: Sending & { count: number }): Promise<{ acknowledged: string[]; troubles: string[] }> {
  const acknowledged: string[] = [];
  const statuses = new Set<number | 'nothing'>();
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  await inTurns(numbers, signal, async (number) => {
    const event = eventOf(number);
    const status = await statusOf(forwarder.post(event));
    if (status === 202) acknowledged.push(event.id);
    else statuses.add(status);
  });
  const troubles =
    statuses.size === 0
      ? []
      : [`During the outage the forwarder answered ${[...statuses].join(', ')} instead of 202.`];
  return { acknowledged, troubles };
}

/** @returns the ids that the forwarder does not call queued or held any more. */
export async function stillQueued({
  forwarder,
  ids,
  signal,
}: {
  forwarder: Pick<DrillForwarder, 'stateOf'>;
  ids: readonly string[];
  signal: AbortSignal;
}): Promise<string[]> {
  const lost: string[] = [];
  await inTurns(ids, signal, async (id) => {
    const state = await forwarder.stateOf(id);
    if (state !== 'queued' && state !== 'held') lost.push(id);
  });
  return lost;
}

export interface FillOutcome {
  /** Acknowledged while the disk was filled: owed like any other. */
  filled: string[];
  refusedFull: number;
  troubles: string[];
}

/** Sends large events until the disk refuses them, then small ones until it refuses those too. */
export async function fillDisk({ forwarder, eventOf, from, signal }: Sending): Promise<FillOutcome> {
  const outcome: FillOutcome = { filled: [], refusedFull: 0, troubles: [] };
  let number = from;
  for (const bytes of FILLER_BYTES) {
    let refusals = 0;
    while (refusals < REFUSALS && number < from + MOST_FILLERS) {
      signal.throwIfAborted();
      const event = eventOf(number, bytes);
      number += 1;
      const status = await statusOf(forwarder.post(event));
      if (status === 202) outcome.filled.push(event.id);
      else if (status === 507) refusals += 1;
      else {
        outcome.troubles.push(`While its disk was filled the forwarder answered ${status}.`);
        return outcome;
      }
    }
    outcome.refusedFull += refusals;
  }
  return outcome;
}

/** Waits until the queue is empty. @returns sentences about what stands in the way when the time is up. */
export async function waitDelivered({
  forwarder,
  clock,
  limitMs,
  signal,
}: {
  forwarder: Pick<DrillForwarder, 'status'>;
  clock: Clock;
  limitMs: number;
  signal: AbortSignal;
}): Promise<string[]> {
  const deadline = clock.monotonic() + limitMs;
  for (;;) {
    const seen = await forwarder.status();
    if (seen.queue.depth === 0) return dead(seen);
    if (clock.monotonic() >= deadline) {
      const hold = seen.hold === null ? '' : ` It holds: ${seen.hold.reason}.`;
      const still = `${seen.queue.depth} events were still queued ${Math.round(limitMs / 1_000)} s after the outage.${hold}`;
      return [still, ...dead(seen)];
    }
    await clock.sleep(POLL_MS, signal);
    signal.throwIfAborted();
  }
}

function dead({ totals }: DrillStatus): string[] {
  return totals.dead === 0 ? [] : [`A8 refused ${totals.dead} events; they are dead letters.`];
}

/** What was acknowledged before must not be forgotten over an answer that never came. */
function statusOf(reply: Promise<{ status: number }>): Promise<number | 'nothing'> {
  return reply.then(
    ({ status }) => status,
    () => 'nothing',
  );
}

/** Works through the items, a few at a time; ends with the first failure. */
async function inTurns<T>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      signal.throwIfAborted();
      const item = items[next] as T;
      next += 1;
      await work(item).catch((cause: unknown) => {
        next = items.length;
        throw cause;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
