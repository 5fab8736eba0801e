import type { Pool } from 'pg';
import { GIVEN_BACK } from '../payments/given-back.ts';
import { type Attempt, type Order, ordersFrom } from './order.ts';

/** What an order costs, amount in the smallest unit of the currency. */
export type Terms = { amountCents: number; currency: string };

/** Remembers the payment page that a provider is led to; the same page again changes nothing. */
export async function recordAttempt(
  pool: Pool,
  attempt: { sessionId: string; providerId: string; reference: string; simulated: boolean } & Terms,
): Promise<void> {
  const { sessionId, providerId, reference, simulated, amountCents, currency } = attempt;
  await pool.query(
    `INSERT INTO checkout_attempts (session_id, provider_id, reference, simulated, amount_cents, currency)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (session_id) DO NOTHING`,
    [sessionId, providerId, reference, simulated, amountCents, currency],
  );
}

/** The terms with which an order was begun; undefined while it has no payment page. */
export async function termsOf(pool: Pool, reference: string): Promise<Terms | undefined> {
  const { rows } = await pool.query<{ amount_cents: number; currency: string }>(
    `SELECT amount_cents::float8 AS amount_cents, currency FROM checkout_attempts
     WHERE reference = $1 AND amount_cents IS NOT NULL AND currency IS NOT NULL ORDER BY created_at LIMIT 1`,
    [reference],
  );
  return rows[0] && { amountCents: rows[0].amount_cents, currency: rows[0].currency };
}

type Row = {
  session_id: string;
  reference: string;
  opened_at: Date;
  amount_cents: number | null;
  currency: string | null;
  paid_at: Date | null;
  given_back: number;
  failed_refunds: number;
  outcomes: string[];
};

/** The orders of a provider, latest first, made of the latest 100 payment pages. A payment is one also where its page was not noted. */
export async function ordersOf(pool: Pool, providerId: string): Promise<Order[]> {
  const { rows } = await pool.query<Row>(
    `SELECT a.session_id, a.reference, a.opened_at, p.amount_cents::float8 AS amount_cents, p.currency,
       p.created_at AS paid_at, ${GIVEN_BACK} AS given_back,
       (SELECT count(failed_at)::int FROM single_refunds s WHERE s.payment_intent = p.payment_intent) AS failed_refunds,
       ARRAY(SELECT e.outcome FROM stripe_events e WHERE e.object_id = a.session_id AND e.outcome IS NOT NULL) AS outcomes
     FROM (
       SELECT session_id, reference, created_at AS opened_at FROM checkout_attempts WHERE provider_id = $1
       UNION ALL
       SELECT session_id, order_reference, created_at FROM payments paid
       WHERE provider_id = $1 AND order_reference IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM checkout_attempts known WHERE known.session_id = paid.session_id)
       ORDER BY opened_at DESC, session_id LIMIT 100
     ) a LEFT JOIN payments p ON p.session_id = a.session_id
     ORDER BY a.opened_at DESC, a.session_id`,
    [providerId],
  );
  return ordersFrom(rows.map(asAttempt));
}

function asAttempt(row: Row): Attempt {
  const { session_id, reference, opened_at, outcomes, failed_refunds: failedRefunds } = row;
  const { amount_cents: amountCents, currency, paid_at: paidAt, given_back: givenBackCents } = row;
  const payment =
    amountCents === null || currency === null || paidAt === null
      ? undefined
      : { amountCents, currency, givenBackCents, paidAt };
  return { session_id, reference, opened_at, outcomes, payment, failedRefunds };
}
