import type { Pool } from 'pg';
import type { Order } from './checkout-request.ts';

const COLUMNS = `id, requested_by, purpose, reference, provider_id, amount_cents::float8 AS amount_cents, currency,
  success_url, cancel_url, canary, attempt, session_id`;

export type NewOrder = Omit<Order, 'attempt' | 'session_id'>;

/** The order of this requester, purpose and reference: the stored one, or this one. */
export async function findOrCreateOrder(pool: Pool, order: NewOrder): Promise<Order> {
  await pool.query(
    `INSERT INTO checkout_orders
       (id, requested_by, purpose, reference, provider_id, amount_cents, currency, success_url, cancel_url, canary)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (requested_by, purpose, reference) DO NOTHING`,
    [
      order.id,
      order.requested_by,
      order.purpose,
      order.reference,
      order.provider_id,
      order.amount_cents,
      order.currency,
      order.success_url,
      order.cancel_url,
      order.canary,
    ],
  );
  const { rows } = await pool.query<Order>(
    `SELECT ${COLUMNS} FROM checkout_orders WHERE requested_by = $1 AND purpose = $2 AND reference = $3`,
    [order.requested_by, order.purpose, order.reference],
  );
  const stored = rows[0];
  if (stored === undefined) throw new Error('a checkout order vanished while it was being made');
  return stored;
}

/** Remembers the session of an attempt. Nothing happens when the order has moved on to another attempt. */
export async function keepSession(pool: Pool, order: Order, sessionId: string): Promise<void> {
  await pool.query(
    'UPDATE checkout_orders SET session_id = $3, updated_at = now() WHERE id = $1 AND attempt = $2',
    [order.id, order.attempt, sessionId],
  );
}

/** Moves on to the next attempt; of two requests that do so at once only one counts. Returns the order as it is then. */
export async function nextAttempt(pool: Pool, order: Order): Promise<Order> {
  await pool.query(
    `UPDATE checkout_orders SET attempt = attempt + 1, session_id = NULL, updated_at = now()
     WHERE id = $1 AND attempt = $2`,
    [order.id, order.attempt],
  );
  const { rows } = await pool.query<Order>(`SELECT ${COLUMNS} FROM checkout_orders WHERE id = $1`, [
    order.id,
  ]);
  return rows[0] ?? order;
}
