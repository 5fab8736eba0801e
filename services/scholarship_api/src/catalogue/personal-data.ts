import type { PersonalData } from '@scholar/runtime/personal-data';

/**
 * A scholarship is public and stays; who put it there is what is personal about it. An order of a payment page is an
 * account of money and stays as well, without whoever asked for it.
 */
export const personalData: PersonalData = {
  async find(db, { userId }) {
    const scholarships = await db.query(
      'SELECT id, title, status, created_at FROM scholarships WHERE owner_provider_id = $1 ORDER BY created_at',
      [userId],
    );
    const orders = await db.query(
      `SELECT id, purpose, reference, amount_cents::float8 AS amount_cents, currency, created_at
         FROM checkout_orders WHERE requested_by = $1 ORDER BY created_at`,
      [userId],
    );
    return { scholarships: scholarships.rows, checkout_orders: orders.rows };
  },
  async erase(tx, { userId }) {
    const scholarships = await tx.query(
      'UPDATE scholarships SET owner_provider_id = NULL WHERE owner_provider_id = $1',
      [userId],
    );
    // Whoever asked, one reference is one order: the row's own id keeps those of two erased people apart.
    const orders = await tx.query(
      `UPDATE checkout_orders SET requested_by = 'erased:' || id WHERE requested_by = $1`,
      [userId],
    );
    return { scholarships: scholarships.rowCount ?? 0, checkout_orders: orders.rowCount ?? 0 };
  },
};
