import { parseTraceparent } from '@scholar/contract';
import { eventHops, type Hop } from './event-hops.ts';
import {
  type Asked,
  type ForwarderSeen,
  firstFound,
  type OutboxSeen,
  type RowSeen,
  type Seen,
} from './seen.ts';

export type EventPlace =
  | 'stored'
  | 'delivered'
  | 'queued'
  | 'held'
  | 'dead'
  | 'discarded'
  | 'quarantined'
  | 'in_outbox'
  | 'parked'
  | 'unknown';

export interface EventTrace {
  event_id: string;
  /** Of the first delivery; null where A8 has no row that tells it. */
  trace_id: string | null;
  app: string | null;
  state: EventPlace;
  /** Where it is, and for what is not stored why it is there. */
  why: string;
  hops: Hop[];
  /** As its forwarder, A8 and the outbox of its app tell it; null where it is not there. */
  forwarder: (ForwarderSeen & { forwarder: string }) | null;
  row: RowSeen | null;
  outbox: OutboxSeen | null;
  /** Who could not be asked, and why. */
  unasked: string[];
}

/** Pure: where an event is, why it is there, and when it was where. */
export function judgeEvent(seen: Seen): EventTrace {
  const outbox = firstFound(seen.outboxes);
  const forwarder = firstFound(seen.forwarders);
  const row = 'found' in seen.row ? seen.row.found : undefined;
  const unasked = unaskedOf(seen);
  const kept = { outbox: outbox?.found, forwarder: forwarder?.found, row };
  return {
    event_id: seen.eventId,
    trace_id: parseTraceparent(row?.traceparent ?? undefined)?.traceId ?? null,
    app: row?.app_label ?? forwarder?.label ?? outbox?.label ?? null,
    ...placeOf(kept, seen.row, unasked),
    hops: eventHops(kept),
    forwarder: forwarder === undefined ? null : { forwarder: forwarder.label, ...forwarder.found },
    row: row ?? null,
    outbox: outbox?.found ?? null,
    unasked,
  };
}

type Kept = Parameters<typeof eventHops>[0];
type Place = Pick<EventTrace, 'state' | 'why'>;

function placeOf({ outbox, forwarder, row }: Kept, asked: Asked<unknown>, unasked: string[]): Place {
  if (row !== undefined) return { state: 'stored', why: storedWhy(row, forwarder) };
  if (forwarder !== undefined) return forwarderPlace(forwarder, asked);
  if (outbox !== undefined) return outboxPlace(outbox);
  if (unasked.length > 0)
    return { state: 'unknown', why: `nobody who answered has it; not asked: ${unasked.join(', ')}` };
  const why =
    'no outbox, no forwarder and no row has it: its transaction was rolled back, the id is another one, or it has expired';
  return { state: 'unknown', why };
}

function storedWhy({ erased_at: erasedAt }: RowSeen, forwarder: ForwarderSeen | undefined): string {
  if (erasedAt !== null) return 'A8 holds its row; what could tell of a person was erased';
  const owed = forwarder?.state === 'queued' || forwarder?.state === 'held';
  return owed
    ? 'A8 holds its row; its forwarder has no receipt yet and sends it once more'
    : 'A8 holds its row';
}

function forwarderPlace(seen: ForwarderSeen, row: Asked<unknown>): Place {
  const { state } = seen;
  switch (state) {
    case 'delivered':
      return {
        state,
        why:
          'unasked' in row
            ? `A8 gave its receipt; whether the row is still there nobody could say (${row.unasked})`
            : 'A8 gave its receipt and has no such row any more: see `scholar audit` (rows_lost), or it has expired',
      };
    case 'held':
      return {
        state,
        why: `its forwarder holds everything back: ${seen.hold_reason ?? 'no reason told'}${next(seen)}`,
      };
    case 'queued':
      return { state, why: `it is on its forwarder's disk; ${attemptsOf(seen)}${next(seen)}` };
    case 'dead': {
      const { code = 'no code', pointer } = seen.problem ?? {};
      return { state, why: `A8 refused it for good: ${code}${pointer ? ` at ${pointer}` : ''}` };
    }
    case 'discarded':
      return { state, why: 'somebody gave it up (`scholar outbox discard`)' };
    case 'quarantined':
      return { state, why: 'its record on the disk of the forwarder could not be read back' };
  }
}

function attemptsOf({ attempts, last_miss: miss }: ForwarderSeen): string {
  if (attempts === 0) return 'no attempt has been made since the forwarder took it up';
  const tried = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  return miss == null ? `${tried}, none answered yet` : `${tried}, the last one failed: ${miss}`;
}

function outboxPlace({ state, attempts, problem, failing, next_attempt_at: at }: OutboxSeen): Place {
  if (state === 'parked')
    return {
      state,
      why: `its forwarder refused it for good: ${problem ?? 'no code'}; it is parked in the outbox of its app`,
    };
  const reason = failing === null ? '' : `: ${failing}`;
  const due = at === null ? '' : `; next attempt at ${at}`;
  return {
    state: 'in_outbox',
    why: `it waits in the outbox of its app, ${attempts} attempts to hand it over${reason}${due}`,
  };
}

function next({ next_attempt_at: at }: ForwarderSeen): string {
  return at === null ? '' : `; next attempt at ${at}`;
}

function unaskedOf({ row, forwarders, outboxes }: Seen): string[] {
  const all: [string, Asked<unknown>][] = [
    ['A8', row],
    ...forwarders.map(({ label, asked }): [string, Asked<unknown>] => [`${label}-forwarder`, asked]),
    ...outboxes.map(({ label, asked }): [string, Asked<unknown>] => [label, asked]),
  ];
  return all.flatMap(([name, asked]) => ('unasked' in asked ? [`${name} (${asked.unasked})`] : []));
}
