import type { Person } from '@scholar/runtime/personal-data';
import type { Pool } from 'pg';
import type { EmailVault } from '../email/email-vault.ts';

export type Account = Person & {
  emailHash: string;
  passwordHash: string | null;
  /** What an export says of the account; the address in the clear, for its owner. */
  told: Record<string, unknown>;
};

/**
 * An account with its address opened; undefined when there is none. `email` is there for others only when it is
 * proven. Throws where EMAIL_HASH_KEY is not the key that sealed the address.
 */
export async function findAccount(
  pool: Pool,
  vault: EmailVault,
  userId: string,
): Promise<Account | undefined> {
  const { rows } = await pool.query(
    `SELECT user_id, email_hash, email_sealed, email_verified_at, password_hash, roles, origin, created_at
       FROM users WHERE user_id = $1`,
    [userId],
  );
  const row = rows[0];
  if (!row) return undefined;
  const address = vault.open(row.email_sealed, userId);
  const { email_verified_at, roles, origin, created_at } = row;
  return {
    userId,
    email: email_verified_at === null ? undefined : address,
    emailHash: row.email_hash,
    passwordHash: row.password_hash,
    told: { user_id: userId, email: address, email_verified_at, roles, origin, created_at },
  };
}
