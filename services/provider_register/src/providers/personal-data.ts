import type { PersonalData } from '@scholar/runtime/personal-data';

/** What stands in the place of an erased name or address: both columns ask for a text. */
const ERASED = '[erased]';

/**
 * Providers that were registered with an address. Their rows stay, because payments name them, and say nothing any
 * more; payments are accounts of money, hold no name, and stay.
 */
export const personalData: PersonalData = {
  async find(db, { email }) {
    if (email === undefined) return {};
    const providers = await db.query(
      'SELECT id, name, email, website, country, created_at FROM providers WHERE email = $1 ORDER BY created_at',
      [email],
    );
    const payments = await db.query(
      `SELECT session_id, provider_id, amount_cents::float8 AS amount_cents, currency, created_at FROM payments
        WHERE provider_id IN (SELECT id::text FROM providers WHERE email = $1) ORDER BY created_at`,
      [email],
    );
    return { providers: providers.rows, payments: payments.rows };
  },
  async actors(db, { email }) {
    if (email === undefined) return [];
    const { rows } = await db.query<{ id: string }>('SELECT id FROM providers WHERE email = $1', [email]);
    return rows.map(({ id }) => id);
  },
  async erase(tx, { email }) {
    if (email === undefined) return {};
    const { rowCount } = await tx.query(
      'UPDATE providers SET name = $2, email = $2, website = NULL, country = NULL WHERE email = $1',
      [email, ERASED],
    );
    return { providers: rowCount ?? 0 };
  },
};
