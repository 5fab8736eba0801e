import type { Pool, PoolClient } from 'pg';

export type PendingLink = {
  leadId: string;
  email: string;
  simulated: boolean;
  canaryToken: string | null;
  attempts: number;
};

export type Settlement =
  | { state: 'linked'; userId: string }
  | { state: 'refused'; problem: string }
  | { state: 'expired'; problem: string };

/** Written in the lead's own transaction; the worker leaves it alone until `firstAttemptAt`. */
export async function insertLink(
  tx: PoolClient,
  link: { leadId: string; canaryToken: string | undefined; firstAttemptAt: Date },
): Promise<void> {
  // attempts = 1: the request that stores the lead makes the first attempt itself.
  await tx.query(
    'INSERT INTO user_links (lead_id, canary_token, next_attempt_at, attempts) VALUES ($1, $2, $3, 1)',
    [link.leadId, link.canaryToken, link.firstAttemptAt],
  );
}

/**
 * Takes due links and moves their next attempt to the end of the lease, in one short transaction: no lock is held
 * while scholar_auth is asked, and a process that dies in between gives its links back when the lease ends.
 */
export async function claimDueLinks(
  pool: Pool,
  { now, leaseUntil, limit }: { now: Date; leaseUntil: Date; limit: number },
): Promise<PendingLink[]> {
  const { rows } = await pool.query<PendingLink>(
    `UPDATE user_links u SET attempts = u.attempts + 1, next_attempt_at = $2
     FROM leads l
     WHERE l.lead_id = u.lead_id AND u.lead_id IN (
       SELECT lead_id FROM user_links WHERE state = 'pending' AND next_attempt_at <= $1
       ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING u.lead_id AS "leadId", l.email, l.simulated, u.canary_token AS "canaryToken", u.attempts`,
    [now, leaseUntil, limit],
  );
  return rows;
}

export async function settleLink(
  pool: Pool,
  { leadId, settlement, at }: { leadId: string; settlement: Settlement; at: Date },
): Promise<void> {
  const userId = settlement.state === 'linked' ? settlement.userId : null;
  const problem = settlement.state === 'linked' ? null : settlement.problem;
  await pool.query(
    `UPDATE user_links SET state = $2, user_id = $3, last_problem = $4, settled_at = $5, canary_token = NULL
     WHERE lead_id = $1 AND state = 'pending'`,
    [leadId, settlement.state, userId, problem, at],
  );
}

export async function postponeLink(
  pool: Pool,
  { leadId, problem, until }: { leadId: string; problem: string; until: Date },
): Promise<void> {
  await pool.query(
    `UPDATE user_links SET next_attempt_at = $2, last_problem = $3 WHERE lead_id = $1 AND state = 'pending'`,
    [leadId, until, problem],
  );
}

/** How many leads wait for their account, and since how many seconds the oldest does (0 when none). */
export async function pendingLinks(pool: Pool, now: Date): Promise<{ waiting: number; oldestS: number }> {
  const { rows } = await pool.query<{ waiting: number; oldestS: number }>(
    `SELECT count(*)::int AS waiting, coalesce(extract(epoch FROM $1 - min(l.created_at)), 0)::float8 AS "oldestS"
     FROM user_links u JOIN leads l USING (lead_id) WHERE u.state = 'pending'`,
    [now],
  );
  return rows[0] ?? { waiting: 0, oldestS: 0 };
}
