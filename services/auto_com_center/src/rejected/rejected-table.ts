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

export type RejectedQuery = {
  app: string | undefined;
  code: string | undefined;
  since: Date | undefined;
  /** Only refusals of canaries (true), none of them (false), or both (null). */
  simulated: boolean | null;
  /** Only rows with a smaller id: the next page. */
  before: string | undefined;
  limit: number;
};

export type RejectedRow = Record<string, unknown> & { id: string };

/** Newest first. Hashes are shown as hex. The order names the table's column: the shown id is text. */
export async function listRejected(pool: Pool, query: RejectedQuery): Promise<RejectedRow[]> {
  const result = await pool.query<RejectedRow>(
    `SELECT id::text, at, code, app_label, event_id, pointer, expected, got, encode(content_hash, 'hex') AS content_hash,
            encode(body_hash, 'hex') AS body_hash, size_bytes, key_names, key_id, request_id, canary_id, suppressed
     FROM rejected_events
     WHERE ($1::text IS NULL OR app_label = $1) AND ($2::text IS NULL OR code = $2)
       AND ($3::timestamptz IS NULL OR at >= $3) AND ($4::bigint IS NULL OR id < $4)
       AND ($5::boolean IS NULL OR (canary_id IS NOT NULL) = $5)
     ORDER BY rejected_events.id DESC LIMIT $6`,
    [
      query.app ?? null,
      query.code ?? null,
      query.since ?? null,
      query.before ?? null,
      query.simulated,
      query.limit,
    ],
  );
  return result.rows;
}
