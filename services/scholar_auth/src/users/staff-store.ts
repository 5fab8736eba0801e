import type { PoolClient } from 'pg';

/** Adds the role and says whether the user has proven the address. @throws Error when the account is gone. */
export async function grantStaff(tx: PoolClient, userId: string): Promise<boolean> {
  const { rows } = await tx.query<{ proven: boolean }>(
    `UPDATE users SET roles = CASE WHEN 'staff' = ANY (roles) THEN roles ELSE array_append(roles, 'staff') END
     WHERE user_id = $1 AND NOT simulated RETURNING email_verified_at IS NOT NULL AS proven`,
    [userId],
  );
  const [row] = rows;
  if (!row) throw new Error('the account was deleted while it was made one of staff; try again');
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
