import { inTransaction } from '@scholar/runtime/db';
import type { Pool, PoolClient } from 'pg';
import { EMPTIED, ERASED_TEXT } from './write-erased.ts';

/**
 * How long after the request an event may still be written by a replica that has not heard of it, seconds: what a replica
 * knows is at most 3 s old, and its statement may take 5 s.
 */
export const GRACE_S = 10;

type Job = { id: string; xid: string; seq: string; actor_hash: Buffer; requested_at: Date; waits: boolean };

/** The oldest one that no other replica is at. */
const TAKE = `
SELECT id::text, xid::text, seq::text, actor_hash, requested_at, until_xid IS NULL AS waits
FROM erasures WHERE finished_at IS NULL ORDER BY erasures.id LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** What was written until then is below the id of the transaction that notices it. */
const NOTE_END = `
UPDATE erasures SET until_xid = pg_current_xact_id()
WHERE id = $1 AND requested_at < clock_timestamp() - make_interval(secs => $2)`;

/**
 * Looks at the next rows in the order of the read cursor, as far as that is final. Of those to erase the locks are taken
 * in the order of their ids, as the writers of events do, so that neither waits for the other in a circle.
 */
const ERASE = `
WITH scanned AS MATERIALIZED (
  SELECT event_id, xid, seq,
         erased_at IS NULL AND (occurred_at <= $4 OR received_at <= $4)
           AND sha256((SELECT key FROM erasure_key) || convert_to(actor_id, 'UTF8')) = $5 AS matches
  FROM events
  WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) AND (xid, seq) > ($1::xid8, $2::bigint)
  ORDER BY events.xid, events.seq LIMIT $3
), locked AS MATERIALIZED (
  SELECT event_id FROM events WHERE event_id IN (SELECT event_id FROM scanned WHERE matches)
  ORDER BY event_id FOR UPDATE
), erased AS (
  UPDATE events SET ${EMPTIED}, erased_at = clock_timestamp()
  FROM locked WHERE events.event_id = locked.event_id RETURNING events.event_id
), last AS (
  SELECT xid, seq FROM scanned ORDER BY xid DESC, seq DESC LIMIT 1
)
SELECT (SELECT count(*)::int FROM scanned) AS scanned,
       (SELECT xid::text FROM last) AS xid, (SELECT seq::text FROM last) AS seq,
       coalesce((SELECT array_agg(event_id) FROM erased), '{}') AS ids,
       coalesce((SELECT until_xid < pg_snapshot_xmin(pg_current_snapshot()) FROM erasures WHERE id = $6), false) AS past`;

type Batch = { scanned: number; xid: string | null; seq: string | null; ids: string[]; past: boolean };

/** A refused event left no body; the hashes of it go, by which somebody could try a guess at one. */
const FORGET_REFUSALS = `
UPDATE rejected_events SET content_hash = NULL, body_hash = NULL, request_id = '${ERASED_TEXT}'
WHERE event_id = ANY ($1::uuid[])`;

const ADVANCE = `
UPDATE erasures SET xid = coalesce($2::xid8, xid), seq = coalesce($3::bigint, seq), events = events + $4,
  refusals = refusals + $5, finished_at = CASE WHEN $6 THEN clock_timestamp() END
WHERE id = $1`;

/** `idle`: there is nothing to do now. `more`: the next rows may be looked at at once. */
export type Swept = { state: 'idle' | 'more'; erased: number };

/**
 * Looks at up to `limit` rows for one erasure, all or nothing: rows, refusals, and how far it has come are one short
 * transaction, so any replica goes on where another stopped.
 * @throws whatever pg throws; then nothing has changed.
 */
export function sweepOnce(
  pool: Pool,
  { limit, graceS = GRACE_S }: { limit: number; graceS?: number },
): Promise<Swept> {
  return inTransaction(pool, async (tx) => {
    const job = (await tx.query<Job>(TAKE)).rows[0];
    if (job === undefined) return { state: 'idle', erased: 0 };
    if (job.waits) await tx.query(NOTE_END, [job.id, graceS]);
    const batch = await eraseBatch(tx, job, limit);
    const refusals =
      batch.ids.length === 0 ? 0 : ((await tx.query(FORGET_REFUSALS, [batch.ids])).rowCount ?? 0);
    const atEnd = batch.scanned < limit;
    const counts = [batch.ids.length, refusals];
    await tx.query(ADVANCE, [job.id, batch.xid, batch.seq, ...counts, atEnd && batch.past]);
    return { state: atEnd && !batch.past ? 'idle' : 'more', erased: batch.ids.length };
  });
}

async function eraseBatch(tx: PoolClient, job: Job, limit: number): Promise<Batch> {
  const { rows } = await tx.query<Batch>(ERASE, [
    ...[job.xid, job.seq, limit],
    ...[job.requested_at, job.actor_hash, job.id],
  ]);
  if (rows[0] === undefined) throw new Error('a batch of an erasure told nothing');
  return rows[0];
}
