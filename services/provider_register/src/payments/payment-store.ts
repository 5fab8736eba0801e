import type { Pool } from 'pg';
import { formatMoney } from './format-money.ts';

export type Payment = { session_id: string; amount: string; created_at: Date };

type Row = { session_id: string; amount_cents: number; currency: string; created_at: Date };

/** The payments of a provider, newest first; at most 100. */
export async function paymentsOf(pool: Pool, providerId: string): Promise<Payment[]> {
  const { rows } = await pool.query<Row>(
    `SELECT session_id, amount_cents::float8 AS amount_cents, currency, created_at FROM payments
     WHERE provider_id = $1 ORDER BY created_at DESC, session_id LIMIT 100`,
    [providerId],
  );
  return rows.map(({ amount_cents, currency, ...row }) => ({
    ...row,
    amount: formatMoney(amount_cents, currency),
  }));
}

/** How many payments a provider has made. */
export async function countPayments(pool: Pool, providerId: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM payments WHERE provider_id = $1',
    [providerId],
  );
  return rows[0]?.count ?? 0;
}
