import type { ForwarderSeen, OutboxSeen, RowSeen } from './seen.ts';

/** Whose clock a time is of. Between two of them a step can come out wrong by as much as they differ. */
export type HopClock = 'app' | "app's database" | 'forwarder' | "A8's database";

export interface Hop {
  hop:
    | 'recorded'
    | 'outbox'
    | 'durable'
    | 'first_attempt'
    | 'last_attempt'
    | 'received'
    | 'committed'
    | 'receipt'
    | 'buried';
  what: string;
  /** ISO-8601; null: it happened, and nobody keeps when. */
  at: string | null;
  clock: HopClock;
  /** Since the first hop with a time, ms. */
  since_start_ms: number | null;
  /** Since the hop before with a time, ms; below zero only where their clocks differ. */
  since_previous_ms: number | null;
  note: string | null;
}

type Step = Pick<Hop, 'hop' | 'what' | 'at' | 'clock'> & { note?: string };

/** Pure: where an event was when, from what is kept of it: the outbox's row, the forwarder's notes, A8's row. Nothing is guessed. */
export function eventHops(kept: {
  outbox: OutboxSeen | undefined;
  forwarder: ForwarderSeen | undefined;
  row: RowSeen | undefined;
}): Hop[] {
  const { outbox, forwarder, row } = kept;
  return timed([
    ...(row === undefined ? [] : [happened(row)]),
    ...(outbox === undefined ? [] : [recorded(outbox)]),
    ...(forwarder === undefined ? [] : outward(forwarder)),
    ...(row === undefined ? [] : stored(row, forwarder)),
    ...(forwarder === undefined ? [] : ended(forwarder)),
  ]);
}

function happened({ occurred_at: at }: RowSeen): Step {
  return {
    ...{ hop: 'recorded', what: 'the app took it, as the event says', at, clock: 'app' },
    note: "the outbox's row is deleted with the 202 of the forwarder",
  };
}

function recorded({ recorded_at: at }: OutboxSeen): Step {
  return { hop: 'outbox', what: 'in the outbox of the app', at, clock: "app's database" };
}

function outward(seen: ForwarderSeen): Step[] {
  const clock = 'forwarder';
  const steps: Step[] = [
    { hop: 'durable', what: "on the forwarder's disk, answered 202", at: seen.accepted_at, clock },
  ];
  const last = lastAttempt(seen);
  if (seen.attempts === 0) return steps;
  const first = seen.first_attempt_at ?? (seen.retries === 0 ? last : null);
  const what = 'first attempt to deliver';
  steps.push({
    ...{ hop: 'first_attempt', what, at: first, clock },
    ...(first === null ? { note: 'its time is not kept over the receipt or a restart' } : {}),
  });
  if (last !== null && seen.retries > 0)
    steps.push({
      ...{
        hop: 'last_attempt',
        what: `attempt ${seen.attempts}, the one that was answered`,
        at: last,
        clock,
      },
      note: 'receipt less write_ms',
    });
  return steps;
}

/** When the attempt went out that brought the receipt. */
function lastAttempt({ delivered_at: at, write_ms: writeMs }: ForwarderSeen): string | null {
  return at === null || writeMs === null ? null : new Date(Date.parse(at) - writeMs).toISOString();
}

function stored({ received_at: at, deliveries }: RowSeen, forwarder: ForwarderSeen | undefined): Step[] {
  const clock = "A8's database";
  const before = forwarder?.delivered_at == null ? 'the receipt' : 'the receipt below';
  return [
    {
      ...{ hop: 'received', what: 'A8 began to write the row', at, clock },
      ...(deliveries > 1 ? { note: `delivered ${deliveries} times; this is the first` } : {}),
    },
    {
      ...{ hop: 'committed', what: 'committed', at: null, clock },
      note: `PostgreSQL keeps no time of a commit; it was before ${before}`,
    },
  ];
}

function ended(seen: ForwarderSeen): Step[] {
  const clock = 'forwarder';
  if (seen.delivered_at !== null)
    return [{ hop: 'receipt', what: "the forwarder noted A8's receipt", at: seen.delivered_at, clock }];
  if (seen.state !== 'dead') return [];
  return [{ hop: 'buried', what: 'put to the dead letters', at: seen.buried_at ?? null, clock }];
}

function timed(steps: readonly Step[]): Hop[] {
  let start: number | undefined;
  let previous: number | undefined;
  return steps.map(({ note = null, ...step }) => {
    const at = step.at === null ? undefined : Date.parse(step.at);
    start ??= at;
    const since = (from: number | undefined) =>
      at === undefined || from === undefined ? null : Math.round(at - from);
    const hop = { ...step, since_start_ms: since(start), since_previous_ms: since(previous), note };
    previous = at ?? previous;
    return hop;
  });
}
