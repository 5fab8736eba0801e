import { isUuidV4, normalizeEventId } from '@scholar/contract';
import type pg from 'pg';
import type { Relay } from './relay.ts';

/** One event as the outbox of its service has it; nothing of its content. Times are ISO-8601, of the database's clock. */
export type OutboxEntry = {
  event_id: string;
  /** `gone`: handed over, or never written. `waiting`: due or to be tried again. `parked`: refused for good. */
  state: 'gone' | 'waiting' | 'parked';
  recorded_at: string | null;
  attempts: number;
  next_attempt_at: string | null;
  /** Code of the problem document with which it was refused. */
  problem: string | null;
  /** Why nothing can be handed over now; null where nobody knows of a reason. */
  failing: string | null;
};

type Row = {
  attempts: number;
  created_at: Date;
  next_attempt_at: Date;
  parked_at: Date | null;
  problem: string | null;
};

/** `/outbox?event_id=…` of the ops listener. undefined: the query names no event. @throws what pg throws. */
export function outboxDocument(
  pool: Pick<pg.Pool, 'query'>,
  relay: () => Pick<ReturnType<Relay['state']>, 'failing'>,
): (query: URLSearchParams) => Promise<OutboxEntry | undefined> {
  return async (query) => {
    const asked = query.get('event_id') ?? '';
    if (!isUuidV4(asked)) return undefined;
    const eventId = normalizeEventId(asked);
    const { rows } = await pool.query<Row>(
      `SELECT attempts, created_at, next_attempt_at, parked_at, problem->>'code' AS problem
         FROM outbox WHERE event_id = $1`,
      [eventId],
    );
    return entryOf(eventId, rows[0], relay().failing);
  };
}

function entryOf(eventId: string, row: Row | undefined, failing: string | undefined): OutboxEntry {
  const state = row === undefined ? 'gone' : row.parked_at === null ? 'waiting' : 'parked';
  return {
    event_id: eventId,
    state,
    recorded_at: row?.created_at.toISOString() ?? null,
    attempts: row?.attempts ?? 0,
    next_attempt_at: state === 'waiting' ? (row?.next_attempt_at.toISOString() ?? null) : null,
    problem: row?.problem ?? null,
    failing: failing ?? null,
  };
}
