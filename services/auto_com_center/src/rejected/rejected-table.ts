import type { Pool } from 'pg';
import type { KeptRejection } from './recorder.ts';

export type InsertRejections = (rejections: readonly KeptRejection[]) => Promise<void>;

const COLUMNS = {
  at: 'timestamptz',
  code: 'text',
  app_label: 'text',
  event_id: 'uuid',
  pointer: 'text',
  expected: 'text',
  got: 'text',
  content_hash: 'bytea',
  body_hash: 'bytea',
  size_bytes: 'integer',
  key_names: 'text',
  key_id: 'text',
  request_id: 'text',
  canary_id: 'text',
  suppressed: 'integer',
} as const;

const names = Object.keys(COLUMNS);
const arrays = Object.values(COLUMNS).map((type, index) => `$${index + 1}::${type}[]`);
/** unnest flattens nested arrays, so the key names travel as one comma-separated text; no identifier holds a comma. */
const selected = names.map((name) => (name === 'key_names' ? `string_to_array(key_names, ',')` : name));

const INSERT = `
INSERT INTO rejected_events (${names.join(', ')})
SELECT ${selected.join(', ')} FROM unnest(${arrays.join(', ')}) AS batch (${names.join(', ')})`;

/** Inserts rejections in one statement. @throws whatever pg throws; then none of them is stored. */
export function createInsertRejections(pool: Pool): InsertRejections {
  return async (rejections) => {
    const rows = rejections.map((rejection) => [
      rejection.at,
      rejection.code,
      rejection.appLabel,
      rejection.eventId,
      rejection.pointer,
      rejection.expected,
      rejection.got,
      rejection.contentHash,
      rejection.bodyHash,
      rejection.sizeBytes,
      rejection.keyNames.join(','),
      rejection.keyId,
      rejection.requestId,
      rejection.canaryId,
      rejection.suppressed,
    ]);
    await pool.query(
      INSERT,
      names.map((_, column) => rows.map((row) => row[column])),
    );
  };
}

export type RejectedFilter = {
  app: string | undefined;
  code: string | undefined;
  /** Only refusals of canaries (true), none of them (false), or both (null). */
  simulated: boolean | null;
};

export type RejectedQuery = RejectedFilter & {
  since: Date | undefined;
  /** Only rows with a smaller id: the next page. */
  before: string | undefined;
  limit: number;
};

/** A refusal as readers see it. */
export type RejectedRow = {
  id: string;
  at: Date;
  code: string;
  app_label: string | null;
  event_id: string | null;
  pointer: string | null;
  expected: string | null;
  got: string | null;
  content_hash: string | null;
  body_hash: string | null;
  size_bytes: number;
  key_names: string[];
  key_id: string;
  request_id: string;
  canary_id: string | null;
  suppressed: number;
};

const SHOWN = `id::text, at, code, app_label, event_id, pointer, expected, got, encode(content_hash, 'hex') AS content_hash,
  encode(body_hash, 'hex') AS body_hash, size_bytes, key_names, key_id, request_id, canary_id, suppressed`;

const FILTER = `($1::text IS NULL OR app_label = $1) AND ($2::text IS NULL OR code = $2)
  AND ($3::boolean IS NULL OR (canary_id IS NOT NULL) = $3)`;

const filterValues = ({ app, code, simulated }: RejectedFilter) => [app ?? null, code ?? null, simulated];

/** Newest first. Hashes are shown as hex. The order names the table's column: the shown id is text. */
export async function listRejected(pool: Pool, query: RejectedQuery): Promise<RejectedRow[]> {
  const result = await pool.query<RejectedRow>(
    `SELECT ${SHOWN} FROM rejected_events
     WHERE ${FILTER} AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::bigint IS NULL OR id < $5)
     ORDER BY rejected_events.id DESC LIMIT $6`,
    [...filterValues(query), query.since ?? null, query.before ?? null, query.limit],
  );
  return result.rows;
}

/** One refusal; undefined where there is none, or it has expired. */
export async function findRejected(pool: Pool, id: string): Promise<RejectedRow | undefined> {
  const result = await pool.query<RejectedRow>(`SELECT ${SHOWN} FROM rejected_events WHERE id = $1`, [id]);
  return result.rows[0];
}

/** What came after an id, oldest first. */
export async function listRejectedAfter(
  pool: Pool,
  query: RejectedFilter & { after: string; limit: number },
): Promise<RejectedRow[]> {
  const result = await pool.query<RejectedRow>(
    `SELECT ${SHOWN} FROM rejected_events WHERE ${FILTER} AND id > $4::bigint ORDER BY rejected_events.id LIMIT $5`,
    [...filterValues(query), query.after, query.limit],
  );
  return result.rows;
}

/** The id of the newest refusal; 0 where there is none. */
export async function lastRejectedId(pool: Pool): Promise<string> {
  const result = await pool.query<{ id: string }>(
    'SELECT coalesce(max(id), 0)::text AS id FROM rejected_events',
  );
  return result.rows[0]?.id ?? '0';
}
