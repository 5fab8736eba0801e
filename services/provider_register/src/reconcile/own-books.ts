import type { Pool } from 'pg';
import { GIVEN_BACK } from '../payments/given-back.ts';
import type { Window } from './books.ts';
import type { SessionHere } from './differences.ts';

type Row = { id: string; amount_cents: number | null; currency: string | null; livemode: boolean | null };

/** Of these sessions those that were settled here, by a payment or as a canary that came late; the others are absent. */
export async function knownSessions(pool: Pool, ids: readonly string[]): Promise<Map<string, SessionHere>> {
  const { rows } = await pool.query<Row>(
    `SELECT ids.id, p.amount_cents::float8 AS amount_cents, p.currency, told.livemode
     FROM unnest($1::text[]) AS ids (id)
       LEFT JOIN payments p ON p.session_id = ids.id
       LEFT JOIN stripe_events told ON told.id = p.stripe_event_id
     WHERE p.session_id IS NOT NULL OR EXISTS (
       SELECT 1 FROM stripe_events e
       WHERE e.object_id = ids.id AND e.outcome IN ('payment_recorded', 'already_paid', 'canary_late'))`,
    [ids],
  );
  return new Map(
    rows.map(({ id, amount_cents, currency, livemode }) => [
      id,
      {
        amountCents: amount_cents ?? undefined,
        currency: currency ?? undefined,
        livemode: livemode ?? undefined,
      },
    ]),
  );
}

/** The sessions of all payments of somebody that were written down in the window, oldest first. */
export async function recordedSessions(pool: Pool, { fromS, untilS }: Window): Promise<string[]> {
  const { rows } = await pool.query<{ session_id: string }>(
    `SELECT session_id FROM payments
     WHERE created_at BETWEEN to_timestamp($1) AND to_timestamp($2) AND NOT simulated ORDER BY created_at, session_id`,
    [fromS, untilS],
  );
  return rows.map(({ session_id }) => session_id);
}

/** What was given back of the payments with these intents, in the smallest unit. */
export async function givenBackOf(pool: Pool, intents: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ payment_intent: string; given_back: number }>(
    `SELECT p.payment_intent, ${GIVEN_BACK} AS given_back FROM payments p WHERE p.payment_intent = ANY ($1)`,
    [intents],
  );
  return new Map(rows.map(({ payment_intent, given_back }) => [payment_intent, given_back]));
}
