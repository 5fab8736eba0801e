import { APP_LABELS, type AppLabel } from '@scholar/contract';
import { type ForwarderState, forgetEvents } from '@scholar/runtime/personal-data';
import type { Pool, PoolClient } from 'pg';

/** The forwarders of one service, which are due to be asked about. */
export type DueForwarders = {
  requestId: string;
  party: AppLabel;
  attempts: number;
  /** Every name of the person in A8. */
  actors: string[];
};

/**
 * Removes the account of each request that A2 to A8 have confirmed, has our own forwarders told, and lets the forwarders
 * of everybody be asked from now on. The request still knows whose it is: the forwarders are asked by name.
 */
export async function eraseAccounts(tx: PoolClient, at: Date): Promise<void> {
  const { rows } = await tx.query<{ request_id: string; user_id: string; actors: string[] }>(
    `UPDATE erasure_requests r SET account_erased_at = $1
      WHERE finished_at IS NULL AND account_erased_at IS NULL AND NOT EXISTS (
        SELECT FROM erasure_confirmations c WHERE c.request_id = r.request_id AND c.confirmed_at IS NULL)
      RETURNING request_id, user_id, ARRAY(
        SELECT unnest(actors) FROM erasure_confirmations a WHERE a.request_id = r.request_id) AS actors`,
    [at],
  );
  for (const { request_id, user_id, actors } of rows) {
    // Only now: whatever we ourselves said of them is with our forwarders, and A8 has the tombstone.
    await forgetEvents(tx, [user_id, ...actors]);
    await tx.query('DELETE FROM users WHERE user_id = $1', [user_id]);
    await tx.query(
      `INSERT INTO erasure_forwarders (request_id, party, next_attempt_at) SELECT $1, unnest($2::text[]), $3`,
      [request_id, [...APP_LABELS], at],
    );
  }
}

/** Takes those that are due and moves their next attempt to the end of the lease, as `claimDue` does. */
export async function claimDueForwarders(
  pool: Pool,
  { now, leaseUntil, limit }: { now: Date; leaseUntil: Date; limit: number },
): Promise<DueForwarders[]> {
  const { rows } = await pool.query<DueForwarders>(
    `UPDATE erasure_forwarders f SET attempts = f.attempts + 1, next_attempt_at = $2
       FROM erasure_requests r
      WHERE r.request_id = f.request_id AND (f.request_id, f.party) IN (
        SELECT d.request_id, d.party FROM erasure_forwarders d JOIN erasure_requests o USING (request_id)
         WHERE d.confirmed_at IS NULL AND d.next_attempt_at <= $1 AND o.finished_at IS NULL
         ORDER BY d.next_attempt_at LIMIT $3 FOR UPDATE OF d SKIP LOCKED)
      RETURNING f.request_id AS "requestId", f.party, f.attempts,
        ARRAY(SELECT r.user_id::text UNION SELECT unnest(actors) FROM erasure_confirmations a
               WHERE a.request_id = f.request_id) AS actors`,
    [now, leaseUntil, limit],
  );
  return rows;
}

type Key = Pick<DueForwarders, 'requestId' | 'party'>;

/** What a service told of its forwarders; complete when none of them waits. */
export async function noteForwarders(
  pool: Pool,
  told: Key & { state: ForwarderState; confirmedAt: Date | null; until: Date; problem: string | null },
): Promise<void> {
  const { requestId, party, state, confirmedAt, until, problem } = told;
  await pool.query(
    `UPDATE erasure_forwarders
        SET forwarders = $3, waiting = $4, confirmed_at = $5, next_attempt_at = $6, last_problem = $7
      WHERE request_id = $1 AND party = $2 AND confirmed_at IS NULL`,
    [requestId, party, state.forwarders, state.waiting, confirmedAt, until, problem],
  );
}

/** A service did not say how far its forwarders are. */
export async function postponeForwarders(
  pool: Pool,
  { requestId, party, until, problem }: Key & { until: Date; problem: string },
): Promise<void> {
  await pool.query(
    `UPDATE erasure_forwarders SET next_attempt_at = $3, last_problem = $4
      WHERE request_id = $1 AND party = $2 AND confirmed_at IS NULL`,
    [requestId, party, until, problem],
  );
}

/** Ends each request whose forwarders have all confirmed, and forgets whose it was; how many. */
export async function finishConfirmed(tx: PoolClient, at: Date): Promise<number> {
  const { rows } = await tx.query<{ request_id: string }>(
    `UPDATE erasure_requests r SET finished_at = $1, user_id = NULL
      WHERE finished_at IS NULL AND account_erased_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM erasure_forwarders f WHERE f.request_id = r.request_id AND f.confirmed_at IS NULL)
      RETURNING request_id`,
    [at],
  );
  await tx.query(`UPDATE erasure_confirmations SET actors = '{}' WHERE request_id = ANY ($1::uuid[])`, [
    rows.map(({ request_id }) => request_id),
  ]);
  return rows.length;
}
