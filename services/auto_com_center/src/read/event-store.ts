import type { Pool } from 'pg';
import type { Cursor } from './cursor.ts';
import type { EventFilter, EventQuery } from './event-filter.ts';

/** A stored event as readers see it. Times are dates; `xid` and `seq` are its cursor. */
export type EventRow = Cursor & {
  event_id: string;
  app_label: string;
  event_type: string;
  occurred_at: Date;
  received_at: Date;
  actor_id: string;
  session_id: string | null;
  source: string;
  payload: Record<string, unknown>;
  simulated: boolean;
  content_hash: string;
  deliveries: number;
  request_id: string;
  key_id: string;
  canary_id: string | null;
  forwarder_id: string | null;
  traceparent: string | null;
  /** When its content was erased; then the fields that could tell of a person are empty. */
  erased_at: Date | null;
};

const COLUMNS = `event_id, app_label, event_type, occurred_at, received_at, actor_id, session_id, source, payload,
  simulated, encode(content_hash, 'hex') AS content_hash, deliveries, request_id, key_id, canary_id, forwarder_id,
  traceparent, erased_at, xid::text, seq::text`;

/**
 * Transactions commit in another order than they begin, so a reader that follows (xid, seq) alone would pass by one
 * that is still open. Below the snapshot's xmin nothing is open any more: up to there the order is final.
 */
const SETTLED = 'xid < pg_snapshot_xmin(pg_current_snapshot())';

const firstWithin = (seconds: number) => `(SELECT min(xid) FROM (
  SELECT xid, received_at FROM events
  WHERE received_at >= $6::timestamptz AND received_at < $6::timestamptz + interval '${seconds} s' OFFSET 0
) AS slice HAVING min(received_at) < $6::timestamptz + interval '${seconds - 10} s')`;

/**
 * The transaction from which on rows are younger than `since`. A plain min(xid) walks the cursor's index through all
 * older rows; OFFSET 0 makes it read the block ranges of received_at, and the first slice that has a row ends it. The
 * ten seconds are more than any transaction lives (statement_timeout), so none of a later slice began earlier.
 */
const FIRST_XID_SINCE = `coalesce(${firstWithin(60)}, ${firstWithin(3_600)},
  (SELECT min(xid) FROM (SELECT xid FROM events WHERE received_at >= $6 OFFSET 0) AS all_younger))`;

/** The row of an id, committed or not at all. */
export async function findEvent(pool: Pool, eventId: string): Promise<EventRow | undefined> {
  const result = await pool.query<EventRow>(`SELECT ${COLUMNS} FROM events WHERE event_id = $1`, [eventId]);
  return result.rows[0];
}

/**
 * A page in the order of the cursor. `since` starts at the first transaction that has such a row. The order names the
 * table, or PostgreSQL would sort by the text that the columns are selected as: 999 after 1000.
 */
export async function listEvents(pool: Pool, query: EventQuery): Promise<EventRow[]> {
  const descending = query.order === 'desc';
  const result = await pool.query<EventRow>(
    `SELECT ${COLUMNS} FROM events
     WHERE ${SETTLED}
       AND ($1::xid8 IS NULL OR (xid, seq) ${descending ? '<' : '>'} ($1::xid8, $2::bigint))
       AND ($3::text IS NULL OR app_label = $3) AND ($4::text IS NULL OR event_type = $4)
       AND ($5::boolean IS NULL OR simulated = $5)
       AND ($6::timestamptz IS NULL
            OR received_at >= $6 AND xid >= ${FIRST_XID_SINCE})
     ORDER BY ${descending ? 'events.xid DESC, events.seq DESC' : 'events.xid, events.seq'} LIMIT $7`,
    [
      query.cursor?.xid ?? null,
      query.cursor?.seq ?? null,
      query.app ?? null,
      query.type ?? null,
      query.simulated,
      query.since ?? null,
      query.limit,
    ],
  );
  return result.rows;
}

/** What has come after `cursor`, oldest first, and the position from which to go on: also past what the filter left out. */
export async function eventsAfter(
  pool: Pool,
  cursor: Cursor,
  filter: EventFilter & { limit: number },
): Promise<{ rows: EventRow[]; cursor: Cursor }> {
  const edge = await currentPosition(pool);
  const { limit } = filter;
  const rows = await listEvents(pool, { ...filter, since: undefined, cursor, order: 'asc' });
  const last = rows.at(-1);
  if (last !== undefined && rows.length === limit) return { rows, cursor: { xid: last.xid, seq: last.seq } };
  // The edge was taken before the rows, so everything below it was among them.
  const past =
    last !== undefined && BigInt(last.xid) >= BigInt(edge.xid) ? { xid: last.xid, seq: last.seq } : edge;
  return { rows, cursor: BigInt(past.xid) > BigInt(cursor.xid) ? past : cursor };
}

/** The position before everything that may still commit: a tail that starts here misses nothing from now on. */
export async function currentPosition(pool: Pool): Promise<Cursor> {
  const result = await pool.query<{ xid: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid',
  );
  return { xid: result.rows[0]?.xid ?? '0', seq: '0' };
}
