import type pg from 'pg';
import { createBody } from './event.ts';
import type { Sizes } from './scaling/result.ts';

/** So many rows a transaction: the cursor index sees transactions, as in life. */
const CHUNK = 2_000;

/** Fills `events` with rows like those that are sent, ids in random order. */
export async function prefill(pool: pg.Pool, rows: number): Promise<void> {
  const event = JSON.parse(createBody(1).toString()) as Record<string, unknown>;
  for (let done = 0; done < rows; done += CHUNK) {
    await pool.query(
      `INSERT INTO events (event_id, app_label, event_type, occurred_at, actor_id, session_id, source, payload,
         simulated, content_hash, request_id, key_id, forwarder_id)
       SELECT gen_random_uuid(), 'scholarship_agent', 'ScholarshipMatchResult', now(), 'user_' || lpad(n::text, 8, '0'),
         'session_' || lpad(n::text, 8, '0'), '/scholarships/match', $1::jsonb, false, sha256(n::text::bytea),
         gen_random_uuid()::text, 'bench', 'scholarship_agent@bench'
       FROM generate_series($2::int, $3::int) AS n`,
      [JSON.stringify(event['payload']), done + 1, Math.min(done + CHUNK, rows)],
    );
  }
  await pool.query('VACUUM ANALYZE events');
}

/** How many of these ids are rows. */
export async function countFound(pool: pg.Pool, ids: ReadonlySet<string>): Promise<number> {
  const { rows } = await pool.query<{ found: string }>(
    'SELECT count(*) AS found FROM unnest($1::uuid[]) AS sent (id) JOIN events ON event_id = id',
    [[...ids]],
  );
  return Number(rows[0]?.found);
}

export async function countRows(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: string }>('SELECT count(*) FROM events');
  return Number(rows[0]?.count);
}

/** What the table and each index take on disk. */
export async function readSizes(pool: pg.Pool): Promise<Sizes> {
  const { rows } = await pool.query<Record<'heap' | 'pkey' | 'cursor' | 'received' | 'total', string>>(
    `SELECT pg_relation_size('events') AS heap, pg_relation_size('events_pkey') AS pkey,
       pg_relation_size('events_cursor') AS cursor, pg_relation_size('events_received_at') AS received,
       pg_total_relation_size('events') AS total`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL told no sizes');
  const [heap, pkey, cursor, received, total] = [row.heap, row.pkey, row.cursor, row.received, row.total].map(
    Number,
  ) as [number, number, number, number, number];
  return {
    rows: await countRows(pool),
    heapBytes: heap,
    primaryKeyBytes: pkey,
    cursorIndexBytes: cursor,
    timeIndexBytes: received,
    otherBytes: total - heap - pkey - cursor - received,
  };
}
