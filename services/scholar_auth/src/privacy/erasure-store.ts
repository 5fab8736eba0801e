import { randomUUID } from 'node:crypto';
import { HUB_LABEL } from '@scholar/contract';
import type { Pool, PoolClient } from 'pg';
import { PARTIES } from './parties.ts';

export type DueConfirmation = {
  requestId: string;
  userId: string;
  party: string;
  attempts: number;
  /** Every other name of the person that the parties have told. */
  actors: string[];
};

/**
 * Records the request of a user, ends all sessions and takes away the password and every link and mail to a new one, in
 * the caller's transaction. Asked again, it is the same request. Nobody is asked before `firstAttemptAt`.
 */
export async function requestErasure(
  tx: PoolClient,
  { userId, now, firstAttemptAt }: { userId: string; now: Date; firstAttemptAt: Date },
): Promise<string> {
  // Two requests at once are judged one after the other.
  await tx.query('SELECT FROM users WHERE user_id = $1 FOR UPDATE', [userId]);
  const open = await tx.query<{ request_id: string }>(
    'SELECT request_id FROM erasure_requests WHERE user_id = $1',
    [userId],
  );
  if (open.rows[0]) return open.rows[0].request_id;
  const requestId = randomUUID();
  await tx.query('INSERT INTO erasure_requests (request_id, user_id, requested_at) VALUES ($1, $2, $3)', [
    requestId,
    userId,
    now,
  ]);
  await tx.query(
    `INSERT INTO erasure_confirmations (request_id, party, next_attempt_at) SELECT $1, unnest($2::text[]), $3`,
    [requestId, [...PARTIES, HUB_LABEL], firstAttemptAt],
  );
  await tx.query('DELETE FROM refresh_families WHERE user_id = $1', [userId]);
  await tx.query('UPDATE users SET password_hash = NULL WHERE user_id = $1', [userId]);
  await tx.query('DELETE FROM mail_links WHERE user_id = $1', [userId]);
  await tx.query('DELETE FROM mail_queue WHERE user_id = $1', [userId]);
  return requestId;
}

/**
 * Takes due confirmations and moves their next attempt to the end of the lease: no lock is held while a party is asked,
 * and what a process that died held comes back. A8 is due only when all others have confirmed.
 */
export async function claimDue(
  pool: Pool,
  { now, leaseUntil, limit }: { now: Date; leaseUntil: Date; limit: number },
): Promise<DueConfirmation[]> {
  const { rows } = await pool.query<DueConfirmation>(
    `UPDATE erasure_confirmations c SET attempts = c.attempts + 1, next_attempt_at = $2
       FROM erasure_requests r
      WHERE r.request_id = c.request_id AND (c.request_id, c.party) IN (
        SELECT request_id, party FROM erasure_confirmations d
         WHERE confirmed_at IS NULL AND next_attempt_at <= $1
           AND (party <> $4 OR NOT EXISTS (
             SELECT FROM erasure_confirmations o
              WHERE o.request_id = d.request_id AND o.party <> $4 AND o.confirmed_at IS NULL))
         ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED)
      RETURNING c.request_id AS "requestId", r.user_id AS "userId", c.party, c.attempts,
        ARRAY(SELECT DISTINCT unnest(actors) FROM erasure_confirmations a
               WHERE a.request_id = c.request_id) AS actors`,
    [now, leaseUntil, limit, HUB_LABEL],
  );
  return rows;
}

type Key = Pick<DueConfirmation, 'requestId' | 'party'>;

/** Kept before the party erases: afterwards it could not tell them any more. */
export async function addActors(pool: Pool, { requestId, party }: Key, actors: string[]): Promise<void> {
  await pool.query(
    `UPDATE erasure_confirmations SET actors = ARRAY(SELECT DISTINCT unnest(actors || $3::text[]))
      WHERE request_id = $1 AND party = $2`,
    [requestId, party, actors],
  );
}

export async function confirm(
  pool: Pool,
  { requestId, party, at, erased }: Key & { at: Date; erased: Record<string, number> },
): Promise<void> {
  await pool.query(
    `UPDATE erasure_confirmations SET confirmed_at = $3, erased = $4, last_problem = NULL
      WHERE request_id = $1 AND party = $2 AND confirmed_at IS NULL`,
    [requestId, party, at, JSON.stringify(erased)],
  );
}

export async function postpone(
  pool: Pool,
  { requestId, party, until, problem }: Key & { until: Date; problem: string },
): Promise<void> {
  await pool.query(
    `UPDATE erasure_confirmations SET next_attempt_at = $3, last_problem = $4
      WHERE request_id = $1 AND party = $2 AND confirmed_at IS NULL`,
    [requestId, party, until, problem],
  );
}
