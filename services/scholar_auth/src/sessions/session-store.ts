import type { Pool, PoolClient } from 'pg';
import { NOT_LEAVING } from '../users/leaving.ts';
import type { Role } from '../users/user-store.ts';

export type FamilyState = {
  familyId: string;
  userId: string;
  roles: Role[];
  emailVerified: boolean;
  usedAt: Date | null;
  revokedAt: Date | null;
  expiresAt: Date;
};

/**
 * Starts a family unless the user's password is another by now, or the user is being erased; false then. The lock makes a change of password
 * wait, or is waited for by it: whoever signed in with the old one is signed out with all the others.
 */
export async function insertFamily(
  tx: PoolClient,
  family: { familyId: string; userId: string; passwordHash: string; expiresAt: Date },
): Promise<boolean> {
  const { rowCount: unchanged } = await tx.query(
    `SELECT 1 FROM users WHERE user_id = $1 AND password_hash = $2 AND user_id ${NOT_LEAVING} FOR SHARE`,
    [family.userId, family.passwordHash],
  );
  if (unchanged !== 1) return false;
  await tx.query('INSERT INTO refresh_families (family_id, user_id, expires_at) VALUES ($1, $2, $3)', [
    family.familyId,
    family.userId,
    family.expiresAt,
  ]);
  return true;
}

export async function insertToken(tx: PoolClient, familyId: string, tokenHash: Buffer): Promise<void> {
  await tx.query('INSERT INTO refresh_tokens (token_hash, family_id) VALUES ($1, $2)', [tokenHash, familyId]);
}

/**
 * Finds the family of a token and locks it: two requests with one token are judged one after the other,
 * so the second sees that the first has used it. Who is being erased has none.
 */
export async function lockFamilyOfToken(tx: PoolClient, tokenHash: Buffer): Promise<FamilyState | undefined> {
  const { rows: owner } = await tx.query(
    `SELECT family_id FROM refresh_families
     WHERE family_id = (SELECT family_id FROM refresh_tokens WHERE token_hash = $1) AND user_id ${NOT_LEAVING}
     FOR UPDATE`,
    [tokenHash],
  );
  if (owner.length === 0) return undefined;
  // Read after the lock is held: a statement that waited for the lock would still see the token as it was before.
  const { rows } = await tx.query<FamilyState>(
    `SELECT f.family_id AS "familyId", f.user_id AS "userId", u.roles, t.used_at AS "usedAt",
            u.email_verified_at IS NOT NULL AS "emailVerified", f.revoked_at AS "revokedAt", f.expires_at AS "expiresAt"
     FROM refresh_tokens t JOIN refresh_families f USING (family_id) JOIN users u USING (user_id)
     WHERE t.token_hash = $1`,
    [tokenHash],
  );
  return rows[0];
}

export async function markTokenUsed(tx: PoolClient, tokenHash: Buffer, at: Date): Promise<void> {
  await tx.query('UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1', [tokenHash, at]);
}

export async function revokeFamily(
  tx: PoolClient,
  { familyId, reason, at }: { familyId: string; reason: 'reuse' | 'logout'; at: Date },
): Promise<void> {
  await tx.query(
    `UPDATE refresh_families SET revoked_at = $2, revoked_reason = $3
     WHERE family_id = $1 AND revoked_at IS NULL`,
    [familyId, at, reason],
  );
}

/** Ends every session of a user. */
export async function revokeFamiliesOf(
  tx: PoolClient,
  { userId, reason, at }: { userId: string; reason: 'everywhere' | 'password'; at: Date },
): Promise<void> {
  await tx.query(
    `UPDATE refresh_families SET revoked_at = $2, revoked_reason = $3 WHERE user_id = $1 AND revoked_at IS NULL`,
    [userId, at, reason],
  );
}

/** Removes families that ran out before the given time, with their tokens. */
export async function deleteExpiredFamilies(pool: Pool, before: Date): Promise<number> {
  const { rowCount } = await pool.query('DELETE FROM refresh_families WHERE expires_at < $1', [before]);
  return rowCount ?? 0;
}
