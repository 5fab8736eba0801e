import type { Pool, PoolClient } from 'pg';

/** Counts one attempt in the bucket's window, opening a new window when the old one is over. Atomic across replicas. */
export async function chargeAttempt(
  pool: Pool | PoolClient,
  { bucket, now, windowMs }: { bucket: string; now: Date; windowMs: number },
): Promise<{ attempts: number; expiresAt: Date }> {
  const { rows } = await pool.query<{ attempts: number; expiresAt: Date }>(
    `INSERT INTO login_attempts AS a (bucket, attempts, expires_at) VALUES ($1, 1, $2)
     ON CONFLICT (bucket) DO UPDATE SET
       attempts   = CASE WHEN a.expires_at <= $3 THEN 1 ELSE a.attempts + 1 END,
       expires_at = CASE WHEN a.expires_at <= $3 THEN excluded.expires_at ELSE a.expires_at END
     RETURNING attempts, expires_at AS "expiresAt"`,
    [bucket, new Date(now.getTime() + windowMs), now],
  );
  const [row] = rows;
  if (!row) throw new Error('login_attempts answered no row for an upsert');
  return row;
}

export async function forgetAttempts(pool: Pool | PoolClient, bucket: string): Promise<void> {
  await pool.query('DELETE FROM login_attempts WHERE bucket = $1', [bucket]);
}

export async function refundAttempt(pool: Pool, bucket: string): Promise<void> {
  await pool.query('UPDATE login_attempts SET attempts = attempts - 1 WHERE bucket = $1 AND attempts > 0', [
    bucket,
  ]);
}

export async function deleteExpiredAttempts(pool: Pool, now: Date): Promise<void> {
  await pool.query('DELETE FROM login_attempts WHERE expires_at <= $1', [now]);
}
