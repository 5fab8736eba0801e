import type { Pool } from 'pg';
import { classifyFailure } from '../database/sqlstate.ts';
import type { Row } from './fold.ts';

/**
 * What the database says about a row that it now holds: ISO time of its first delivery, whether this was it, and else
 * by which forwarder that came (null: by none). `erased`: it holds no content any more, so no other is in conflict with it.
 */
export type StoredRow = {
  receivedAt: string;
  inserted: boolean;
  firstForwarder: string | null;
  erased?: boolean;
};

/** Writes rows of distinct, sorted ids and commits. An id absent from the answer holds another content. */
export type WriteRows = (rows: readonly Row[]) => Promise<Map<string, StoredRow>>;

const COLUMNS = [
  ['event_id', 'uuid'],
  ['app_label', 'text'],
  ['event_type', 'text'],
  ['occurred_at', 'timestamptz'],
  ['actor_id', 'text'],
  ['session_id', 'text'],
  ['source', 'text'],
  ['payload', 'jsonb'],
  ['simulated', 'boolean'],
  ['content_hash', 'bytea'],
  ['deliveries', 'integer'],
  ['request_id', 'text'],
  ['key_id', 'text'],
  ['canary_id', 'text'],
  ['forwarder_id', 'text'],
  ['traceparent', 'text'],
] as const;

const names = COLUMNS.map(([name]) => name).join(', ');
const arrays = COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ');

/** `xmax = 0` holds only for a row version that no transaction has locked or updated: ours, just inserted. */
export const RETURNING_STORED = `RETURNING event_id, received_at, (xmax = 0) AS inserted,
  CASE WHEN xmax <> 0 THEN forwarder_id END AS first_forwarder, erased_at IS NOT NULL AS erased`;

/** The statement of architecture section 3: one text whatever the size of the batch, so one prepared plan. */
export const UPSERT_EVENTS = `
INSERT INTO events (${names})
SELECT ${names} FROM unnest(${arrays}) AS batch (${names})
ON CONFLICT (event_id) DO UPDATE SET deliveries = events.deliveries + excluded.deliveries
WHERE events.content_hash = excluded.content_hash OR events.erased_at IS NOT NULL
${RETURNING_STORED}`;

/** What `RETURNING_STORED` returns. */
type ReturnedRow = {
  event_id: string;
  received_at: Date;
  inserted: boolean;
  first_forwarder: string | null;
  erased: boolean;
};

/**
 * A writer over connections of `pool`. One statement is one transaction, so a server's ERROR is a rollback
 * and leaves nothing; a cut connection leaves the outcome unknown.
 * @throws whatever pg throws; judge it with `classifyFailure`.
 */
export function createWriteRows(pool: Pool): WriteRows {
  return (rows) => writeStored(pool, { name: 'upsert_events', text: UPSERT_EVENTS, values: toArrays(rows) });
}

/** Runs one statement that ends in `RETURNING_STORED`. @throws whatever pg throws; its connection is then judged, too. */
export async function writeStored(
  pool: Pool,
  statement: { name: string; text: string; values: unknown[][] },
): Promise<Map<string, StoredRow>> {
  const client = await pool.connect();
  try {
    const result = await client.query<ReturnedRow>(statement);
    client.release();
    return toStored(result.rows);
  } catch (error) {
    client.release(!classifyFailure(error).reusable);
    throw error;
  }
}

function toStored(rows: readonly ReturnedRow[]): Map<string, StoredRow> {
  return new Map(
    rows.map((row) => [
      row.event_id,
      {
        receivedAt: row.received_at.toISOString(),
        inserted: row.inserted,
        firstForwarder: row.first_forwarder,
        erased: row.erased,
      },
    ]),
  );
}

/** One array a column, in the order of COLUMNS. */
function toArrays(rows: readonly Row[]): unknown[][] {
  const arrays: unknown[][] = COLUMNS.map(() => []);
  for (const { entry, members } of rows) {
    const { event } = entry;
    const values = [
      entry.eventId,
      entry.label,
      event.event_type,
      event.occurred_at,
      event.actor_id,
      event.session_id ?? null,
      event.source,
      JSON.stringify(event.payload),
      entry.simulated,
      entry.contentHash,
      members.length,
      entry.requestId,
      entry.keyId,
      entry.canaryId ?? null,
      entry.forwarderId ?? null,
      entry.traceparent ?? null,
    ];
    for (const [index, value] of values.entries()) arrays[index]?.push(value);
  }
  return arrays;
}
