import { formatMoney } from '@scholar/runtime/money';
import type { Pool } from 'pg';
import { GIVEN_BACK } from './given-back.ts';

export type Payment = {
  session_id: string;
  amount: string;
  /** What was given back of it so far; null while that is nothing. */
  refunded: string | null;
  created_at: Date;
};

/** A payment with what a receipt says beside. */
export type Receipt = Payment & { order_reference: string | null };

type Row = {
  session_id: string;
  amount_cents: number;
  refunded_cents: number;
  currency: string;
  order_reference: string | null;
  created_at: Date;
};

const PAYMENTS = `SELECT p.session_id, p.amount_cents::float8 AS amount_cents, p.currency, p.order_reference, p.created_at,
    ${GIVEN_BACK} AS refunded_cents
  FROM payments p WHERE p.provider_id = $1`;

/** The payments of a provider, newest first; at most 100. */
export async function paymentsOf(pool: Pool, providerId: string): Promise<Payment[]> {
  const { rows } = await pool.query<Row>(`${PAYMENTS} ORDER BY p.created_at DESC, p.session_id LIMIT 100`, [
    providerId,
  ]);
  return rows.map(asReceipt);
}

/** One payment of a provider; undefined when this provider has none of that session. */
export async function findReceipt(
  pool: Pool,
  providerId: string,
  sessionId: string,
): Promise<Receipt | undefined> {
  const { rows } = await pool.query<Row>(`${PAYMENTS} AND p.session_id = $2`, [providerId, sessionId]);
  return rows.map(asReceipt)[0];
}

function asReceipt({ amount_cents, refunded_cents, currency, ...row }: Row): Receipt {
  const refunded = refunded_cents === 0 ? null : formatMoney(refunded_cents, currency, 'price');
  return { ...row, amount: formatMoney(amount_cents, currency, 'price'), refunded };
}

/** How many payments a provider has made. */
export async function countPayments(pool: Pool, providerId: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM payments WHERE provider_id = $1',
    [providerId],
  );
  return rows[0]?.count ?? 0;
}
