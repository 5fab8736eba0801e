import type { PoolClient } from 'pg';
import type { Outcome } from './judge-event.ts';
import {
  hasFailed,
  type PaidSession,
  type Refund,
  type RefundedCharge,
  type StripeEvent,
} from './stripe-event.ts';

/**
 * Claims an event id inside the caller's transaction. A second delivery waits for the first one's commit and then gets
 * false. An event that was refused for its mode may be claimed again, for the environment may have been put right.
 */
export async function claimEvent(tx: PoolClient, event: StripeEvent): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO stripe_events (id, type, livemode, object_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET received_at = now() WHERE stripe_events.outcome = 'livemode_mismatch'`,
    [event.id, event.type, event.livemode, event.data.object.id ?? null],
  );
  return rowCount === 1;
}

/** Writes down what became of a claimed event. */
export async function settleEvent(tx: PoolClient, eventId: string, outcome: Outcome): Promise<void> {
  await tx.query('UPDATE stripe_events SET outcome = $2, processed_at = now() WHERE id = $1', [
    eventId,
    outcome,
  ]);
}

/** Whether this session has been paid before. Locks against another payment of the same session until the commit. */
export async function isPaid(tx: PoolClient, sessionId: string): Promise<boolean> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [sessionId]);
  const { rowCount } = await tx.query('SELECT 1 FROM payments WHERE session_id = $1', [sessionId]);
  return rowCount === 1;
}

/** Stores a payment; throws when the session has one already (the caller asked `isPaid` in the same transaction). */
export async function insertPayment(
  tx: PoolClient,
  session: PaidSession,
  facts: { stripeEventId: string; eventId: string; simulated: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO payments (session_id, payment_intent, provider_id, order_reference, amount_cents, currency, simulated,
                           stripe_event_id, event_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      session.id,
      session.payment_intent,
      session.metadata['provider_id'] ?? null,
      session.metadata['reference'] ?? null,
      session.amount_total,
      session.currency.toUpperCase(),
      facts.simulated,
      facts.stripeEventId,
      facts.eventId,
    ],
  );
}

/** Writes down what was given back of a payment, unless a later report is there. Of two reports of one second the greater counts. */
export async function putRefund(
  tx: PoolClient,
  charge: RefundedCharge,
  facts: { stripeEventId: string; reportedS: number; simulated: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO refunds AS r (payment_intent, refunded_cents, currency, reported_at, simulated, stripe_event_id)
     VALUES ($1, $2, $3, to_timestamp($4), $5, $6)
     ON CONFLICT (payment_intent) DO UPDATE SET
       refunded_cents = excluded.refunded_cents, currency = excluded.currency, reported_at = excluded.reported_at,
       stripe_event_id = excluded.stripe_event_id
     WHERE (excluded.reported_at, excluded.refunded_cents) > (r.reported_at, r.refunded_cents)`,
    [
      charge.payment_intent,
      charge.amount_refunded,
      charge.currency.toUpperCase(),
      facts.reportedS,
      facts.simulated,
      facts.stripeEventId,
    ],
  );
}

/** Writes down one refund, and that it failed where it did. Its events may come several times and in any order. */
export async function putSingleRefund(
  tx: PoolClient,
  refund: Refund,
  facts: { stripeEventId: string; reportedS: number },
): Promise<void> {
  await tx.query(
    `INSERT INTO single_refunds AS s (refund_id, payment_intent, amount_cents, currency, failed_at, stripe_event_id)
     VALUES ($1, $2, $3, $4, to_timestamp($5), $6)
     ON CONFLICT (refund_id) DO UPDATE SET failed_at = least(s.failed_at, excluded.failed_at)`,
    [
      refund.id,
      refund.payment_intent,
      refund.amount,
      refund.currency.toUpperCase(),
      hasFailed(refund) ? facts.reportedS : null,
      facts.stripeEventId,
    ],
  );
}
