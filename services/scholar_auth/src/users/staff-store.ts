import type { PoolClient } from 'pg';
import { accountIsLeaving } from '../http/problems.ts';
import { NOT_LEAVING } from './leaving.ts';

/**
 * Adds the role and says whether the user has proven the address.
 * @throws HttpProblem 409 while the account is being erased. @throws Error when it is gone.
 */
export async function grantStaff(tx: PoolClient, userId: string): Promise<boolean> {
  // A statement of its own: one that waited for a request to be erased would not see it.
  await tx.query('SELECT FROM users WHERE user_id = $1 FOR UPDATE', [userId]);
  const { rows } = await tx.query<{ proven: boolean; stays: boolean }>(
    `UPDATE users SET roles = CASE WHEN 'staff' = ANY (roles) THEN roles ELSE array_append(roles, 'staff') END
     WHERE user_id = $1 AND NOT simulated
     RETURNING email_verified_at IS NOT NULL AS proven, user_id ${NOT_LEAVING} AS stays`,
    [userId],
  );
  const [row] = rows;
  if (!row) throw new Error('the account was deleted while it was made one of staff; try again');
  if (!row.stays) throw accountIsLeaving();
  return row.proven;
}

/** Forgets a password that whoever typed the address chose. */
export async function forgetUnprovenPassword(tx: PoolClient, userId: string): Promise<void> {
  await tx.query('UPDATE users SET password_hash = NULL WHERE user_id = $1 AND email_verified_at IS NULL', [
    userId,
  ]);
}

/** Takes the role away; false when the user has none. Whoever was nothing else is a student then. */
export async function withdrawStaff(tx: PoolClient, userId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE users SET roles = CASE WHEN cardinality(roles) = 1 THEN ARRAY['student'] ELSE array_remove(roles, 'staff') END
     WHERE user_id = $1 AND 'staff' = ANY (roles)`,
    [userId],
  );
  return rowCount === 1;
}
