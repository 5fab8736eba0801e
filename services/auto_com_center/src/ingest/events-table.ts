import { type Pool, types } from 'pg';
import { classifyFailure } from '../database/sqlstate.ts';
import { byteaArray, plainArray, textArray } from './array-literal.ts';
import type { Entry } from './entry.ts';
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

/** Every column that an event fills, its type, and the array of it for some rows. */
const COLUMNS: readonly (readonly [name: string, type: string, of: (rows: readonly Row[]) => string])[] = [
  ['event_id', 'uuid', (rows) => plainArray(rows.map(({ entry }) => entry.eventId))],
  ['app_label', 'text', texts(({ label }) => label)],
  ['event_type', 'text', texts(({ event }) => event.event_type)],
  ['occurred_at', 'timestamptz', texts(({ event }) => event.occurred_at)],
  ['actor_id', 'text', texts(({ event }) => event.actor_id)],
  ['session_id', 'text', texts(({ event }) => event.session_id)],
  ['source', 'text', texts(({ event }) => event.source)],
  ['payload', 'jsonb', texts(({ event }) => JSON.stringify(event.payload))],
  ['simulated', 'boolean', (rows) => plainArray(rows.map(({ entry }) => entry.simulated))],
  ['content_hash', 'bytea', (rows) => byteaArray(rows.map(({ entry }) => entry.contentHash))],
  ['deliveries', 'integer', (rows) => plainArray(rows.map(({ members }) => members.length))],
  ['request_id', 'text', texts(({ requestId }) => requestId)],
  ['key_id', 'text', texts(({ keyId }) => keyId)],
  ['canary_id', 'text', texts(({ canaryId }) => canaryId)],
  ['forwarder_id', 'text', texts(({ forwarderId }) => forwarderId)],
  ['traceparent', 'text', texts(({ traceparent }) => traceparent)],
];

function texts(of: (entry: Entry) => string | undefined): (rows: readonly Row[]) => string {
  return (rows) => textArray(rows.map(({ entry }) => of(entry) ?? null));
}

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

/** What `RETURNING_STORED` returns, as PostgreSQL writes it: columns in their order, values as text. */
type ReturnedRow = [
  eventId: string,
  receivedAt: string,
  inserted: 't' | 'f',
  firstForwarder: string | null,
  erased: 't' | 'f',
];

/** Columns stay text: the rows of a batch have one time in common, and it is read once instead of once a row. */
const AS_TEXT = { rowMode: 'array', types: { getTypeParser: () => (text: string) => text } } as const;

/**
 * A writer over connections of `pool`. One statement is one transaction, so a server's ERROR is a rollback
 * and leaves nothing; a cut connection leaves the outcome unknown.
 * @throws whatever pg throws; judge it with `classifyFailure`.
 */
export function createWriteRows(pool: Pool): WriteRows {
  return (rows) =>
    writeStored(pool, {
      name: 'upsert_events',
      text: UPSERT_EVENTS,
      values: COLUMNS.map(([, , of]) => of(rows)),
    });
}

/** Runs one statement that ends in `RETURNING_STORED`. @throws whatever pg throws; its connection is then judged, too. */
export async function writeStored(
  pool: Pool,
  statement: { name: string; text: string; values: unknown[] },
): Promise<Map<string, StoredRow>> {
  const client = await pool.connect();
  try {
    const result = await client.query<ReturnedRow>({ ...statement, ...AS_TEXT });
    client.release();
    return toStored(result.rows);
  } catch (error) {
    client.release(!classifyFailure(error).reusable);
    throw error;
  }
}

function toStored(rows: readonly ReturnedRow[]): Map<string, StoredRow> {
  const isoOf = memoOfLast((text: string) => readInstant(text).toISOString());
  return new Map(
    rows.map(([eventId, receivedAt, inserted, firstForwarder, erased]) => [
      eventId,
      { receivedAt: isoOf(receivedAt), inserted: inserted === 't', firstForwarder, erased: erased === 't' },
    ]),
  );
}

const readInstant: (text: string) => Date = types.getTypeParser(types.builtins.TIMESTAMPTZ);

/** Answers a question that is the same as the one before without asking again. */
function memoOfLast(compute: (text: string) => string): (text: string) => string {
  let [last, answer]: [string | undefined, string] = [undefined, ''];
  return (text) => {
    if (text !== last) [last, answer] = [text, compute(text)];
    return answer;
  };
}
