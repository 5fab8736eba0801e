import type { Pool } from 'pg';

/** The record of one erasure, as readers see it. */
export interface ErasureView {
  erasure_id: string;
  requested_at: Date;
  /** Id of the key with which it was asked for. */
  requested_by: string;
  /** null while rows are still looked at. */
  finished_at: Date | null;
  /** Rows of `events` that lost their content. */
  events: number;
  /** Rows of `rejected_events` about the same ids that lost their hashes. */
  refusals: number;
}

const VIEW = `id::text AS erasure_id, requested_at, requested_by, finished_at, events::int, refusals::int`;

/**
 * Records that an actor is to be erased; from now on what happened until now is written without its content. Asked again
 * before it is done, it begins anew under the same id.
 */
export async function requestErasure(
  pool: Pool,
  { actorHash, keyId }: { actorHash: Buffer; keyId: string },
): Promise<ErasureView> {
  const { rows } = await pool.query<ErasureView>(
    `INSERT INTO erasures (actor_hash, requested_by) VALUES ($1, $2)
     ON CONFLICT (actor_hash) WHERE finished_at IS NULL
     DO UPDATE SET requested_at = clock_timestamp(), xid = '0', seq = 0, until_xid = NULL
     RETURNING ${VIEW}`,
    [actorHash, keyId],
  );
  if (rows[0] === undefined) throw new Error('the record of an erasure was not returned');
  return rows[0];
}

export async function findErasure(pool: Pool, id: string): Promise<ErasureView | undefined> {
  const { rows } = await pool.query<ErasureView>(`SELECT ${VIEW} FROM erasures WHERE id = $1`, [id]);
  return rows[0];
}

/** Newest first; `before` is the id at which the page before ended. */
export async function listErasures(
  pool: Pool,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<ErasureView[]> {
  const { rows } = await pool.query<ErasureView>(
    `SELECT ${VIEW} FROM erasures WHERE $1::bigint IS NULL OR id < $1 ORDER BY erasures.id DESC LIMIT $2`,
    [before ?? null, limit],
  );
  return rows;
}

export async function countUnfinished(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM erasures WHERE finished_at IS NULL',
  );
  return rows[0]?.n ?? 0;
}
