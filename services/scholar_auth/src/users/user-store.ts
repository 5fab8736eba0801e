import type { Pool, PoolClient } from 'pg';
import { NOT_LEAVING } from './leaving.ts';

export type Role = 'student' | 'provider' | 'staff';

export type NewUserRow = {
  userId: string;
  emailHash: string;
  emailKey: string;
  emailSealed: Buffer;
  /** PHC string, or null where another service made the account: nobody can sign in to it. */
  passwordHash: string | null;
  roles: Role[];
  origin: string;
  simulated: boolean;
};

export type Credentials = {
  userId: string;
  passwordHash: string | null;
  roles: Role[];
  emailVerified: boolean;
};

/** Inserts the user unless the address is taken; false when it is. Waits for a concurrent insert of the same address. */
export async function insertUser(tx: PoolClient, user: NewUserRow): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO users (user_id, email_hash, email_key, email_sealed, password_hash, roles, origin, simulated)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (email_hash) DO NOTHING`,
    [
      user.userId,
      user.emailHash,
      user.emailKey,
      user.emailSealed,
      user.passwordHash,
      user.roles,
      user.origin,
      user.simulated,
    ],
  );
  return rowCount === 1;
}

export async function findUserId(db: Pool | PoolClient, emailHash: string): Promise<string | undefined> {
  const { rows } = await db.query<{ user_id: string }>('SELECT user_id FROM users WHERE email_hash = $1', [
    emailHash,
  ]);
  return rows[0]?.user_id;
}

export async function findCredentials(pool: Pool, emailHash: string): Promise<Credentials | undefined> {
  const { rows } = await pool.query<Credentials>(
    `SELECT user_id AS "userId", password_hash AS "passwordHash", roles,
            email_verified_at IS NOT NULL AS "emailVerified" FROM users WHERE email_hash = $1`,
    [emailHash],
  );
  return rows[0];
}

/** The same of a user by id, with the hash of the address; undefined when the account is gone. */
export async function findCredentialsById(
  pool: Pool,
  userId: string,
): Promise<(Pick<Credentials, 'userId' | 'passwordHash'> & { emailHash: string }) | undefined> {
  const { rows } = await pool.query<{ userId: string; passwordHash: string | null; emailHash: string }>(
    `SELECT user_id AS "userId", password_hash AS "passwordHash", email_hash AS "emailHash"
     FROM users WHERE user_id = $1`,
    [userId],
  );
  return rows[0];
}

/** Replaces a hash by one of the same password; false when the password was changed meanwhile. */
export async function replacePasswordHash(
  db: Pool | PoolClient,
  { userId, from, to }: { userId: string; from: string; to: string },
): Promise<boolean> {
  // Compared with the old hash, so that a slow re-hash never undoes a password change made meanwhile.
  const { rowCount } = await db.query(
    'UPDATE users SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2',
    [userId, from, to],
  );
  return rowCount === 1;
}

/** How many accounts carry a hash of another key than this one: after a key change they cannot sign in. */
export async function countUsersOfOtherKeys(pool: Pool, keyFingerprint: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM users WHERE email_key <> $1',
    [keyFingerprint],
  );
  return rows[0]?.count ?? 0;
}

/** Removes accounts of canaries and simulations made before the given time; their sessions go with them. */
export async function deleteSimulatedUsers(pool: Pool, before: Date): Promise<number> {
  const { rowCount } = await pool.query('DELETE FROM users WHERE simulated AND created_at < $1', [before]);
  return rowCount ?? 0;
}

/** Notes that the user reads the mail of the address; the first time counts. */
export async function markVerified(tx: PoolClient, userId: string, at: Date): Promise<void> {
  await tx.query('UPDATE users SET email_verified_at = coalesce(email_verified_at, $2) WHERE user_id = $1', [
    userId,
    at,
  ]);
}

/** Sets a password and answers the hash of the address. @throws Error when the account is gone, or about to be. */
export async function setPassword(
  tx: PoolClient,
  { userId, passwordHash }: { userId: string; passwordHash: string },
): Promise<string> {
  const { rows } = await tx.query<{ email_hash: string }>(
    `UPDATE users SET password_hash = $2 WHERE user_id = $1 AND user_id ${NOT_LEAVING} RETURNING email_hash`,
    [userId, passwordHash],
  );
  const [row] = rows;
  if (!row) throw new Error('the account was erased while its password was set');
  return row.email_hash;
}
