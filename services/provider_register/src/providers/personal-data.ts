import type { PersonalData } from '@scholar/runtime/personal-data';
import { ERASED, OF_ACCOUNT } from './provider.ts';

/**
 * What the account of a person manages, and what was registered with an address that is proven to be theirs, until an account
 * has it: from then on it is that account's, whoever registered it.
 */
const THEIRS = '(user_id = $1 OR (user_id IS NULL AND email = $2))';

/**
 * Providers that were registered with an address. Their rows stay, because payments name them, and say nothing any
 * more; payments are accounts of money, hold no name, and stay.
 */
export const personalData: PersonalData = {
  async find(db, { userId, email }) {
    const providers = await db.query(
      `SELECT id, name, email, website, country, created_at FROM providers WHERE ${THEIRS} ORDER BY created_at`,
      [userId, email],
    );
    const payments = await db.query(
      `SELECT session_id, provider_id, amount_cents::float8 AS amount_cents, currency, created_at FROM payments
        WHERE provider_id IN (SELECT id::text FROM providers WHERE ${THEIRS}) ORDER BY created_at`,
      [userId, email],
    );
    return { providers: providers.rows, payments: payments.rows };
  },
  async actors(db, { userId, email }) {
    const { rows } = await db.query<{ id: string }>(`SELECT id FROM providers WHERE ${THEIRS}`, [
      userId,
      email,
    ]);
    return rows.map(({ id }) => id);
  },
  async erase(tx, { userId, email }) {
    const { rowCount } = await tx.query(
      `UPDATE providers SET name = $3, email = $3, website = NULL, country = NULL, user_id = NULL, claim_sha256 = NULL
        WHERE ${THEIRS}`,
      [userId, email, ERASED],
    );
    // Their address beside what belongs to somebody else, which stays.
    const addresses = await tx.query('UPDATE providers SET email = $2 WHERE user_id <> $1 AND email = $3', [
      userId,
      OF_ACCOUNT,
      email,
    ]);
    return { providers: (rowCount ?? 0) + (addresses.rowCount ?? 0) };
  },
};
