import type pg from 'pg';
import type { Emission } from '../emit/index.ts';

/** The folder of migrations that makes the table `outbox`, and the table that remembers them. */
export const OUTBOX_MIGRATIONS = {
  // The same place seen from src/outbox and from dist/outbox.
  dir: new URL('../../migrations/outbox/', import.meta.url),
  table: 'outbox_migrations',
};

/** What any part of pg that runs a query has. */
export type Queryable = Pick<pg.Pool | pg.PoolClient, 'query'>;

/** One waiting event, as the relay takes it. */
export type OutboxRow = { emission: Emission; attempts: number };

export type OutboxStats = { waiting: number; parked: number; oldest_s: number };

/**
 * Writes an event in the caller's transaction: it leaves exactly when that transaction commits. An id that is there
 * already (a repeated request) stays as it is.
 */
export async function recordEvent(tx: Queryable, emission: Emission): Promise<void> {
  await tx.query({
    name: 'outbox-record',
    text: `INSERT INTO outbox (event_id, label, event, canary_token, traceparent)
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT (event_id) DO NOTHING`,
    values: [
      emission.eventId,
      emission.label,
      JSON.stringify(emission.event),
      emission.canary ?? null,
      emission.traceparent ?? null,
    ],
  });
}

/** How much waits, how much was refused, and the age of the oldest waiting row in seconds (0 when none waits). */
export async function stats(db: Queryable): Promise<OutboxStats> {
  const { rows } = await db.query<OutboxStats>(
    `SELECT count(*) FILTER (WHERE parked_at IS NULL)::int AS waiting,
            count(*) FILTER (WHERE parked_at IS NOT NULL)::int AS parked,
            coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE parked_at IS NULL)), 0)::float8 AS oldest_s
       FROM outbox`,
  );
  return rows[0] ?? { waiting: 0, parked: 0, oldest_s: 0 };
}

/** Whether a row is due: one statement without a transaction, for whoever only waits. */
export async function isAnyDue(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ due: boolean }>(
    'SELECT EXISTS (SELECT FROM outbox WHERE parked_at IS NULL AND next_attempt_at <= now()) AS due',
  );
  return rows[0]?.due ?? false;
}

/** Takes due rows in order and locks them for this transaction; rows that another relay holds are passed over. */
export async function takeDue(tx: Queryable, limit: number): Promise<OutboxRow[]> {
  const { rows } = await tx.query(
    `SELECT event_id, label, event, canary_token, traceparent, attempts FROM outbox
      WHERE parked_at IS NULL AND next_attempt_at <= now()
      ORDER BY next_attempt_at, seq LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  return rows.map((row) => ({
    attempts: row.attempts,
    emission: {
      eventId: row.event_id,
      label: row.label,
      event: row.event,
      canary: row.canary_token ?? undefined,
      traceparent: row.traceparent ?? undefined,
    },
  }));
}

export async function remove(tx: Queryable, eventIds: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM outbox WHERE event_id = ANY($1::uuid[])', [eventIds]);
}

export async function park(tx: Queryable, eventId: string, problem: object): Promise<void> {
  await tx.query(
    'UPDATE outbox SET parked_at = now(), attempts = attempts + 1, problem = $2 WHERE event_id = $1',
    [eventId, JSON.stringify(problem)],
  );
}

export async function postpone(tx: Queryable, eventId: string, waitMs: number): Promise<void> {
  await tx.query(
    `UPDATE outbox SET attempts = attempts + 1, next_attempt_at = now() + $2 * interval '1 millisecond'
      WHERE event_id = $1`,
    [eventId, waitMs],
  );
}

/** Makes every waiting row due. For a fresh start: what was wrong with the receiver may have been our configuration. */
export async function makeAllDue(db: Queryable): Promise<void> {
  await db.query(
    'UPDATE outbox SET next_attempt_at = now() WHERE parked_at IS NULL AND next_attempt_at > now()',
  );
}

/** Gives every parked row another chance, and says how many. For a person who has removed the cause. */
export async function unpark(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE outbox SET parked_at = NULL, problem = NULL, attempts = 0, next_attempt_at = now()
      WHERE parked_at IS NOT NULL`,
  );
  return rowCount ?? 0;
}
