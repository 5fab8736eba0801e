import type { Pool } from 'pg';
import type { SessionHere } from './differences.ts';

type Row = { id: string; amount_cents: number | null; currency: string | null };

/** Of these sessions those that were settled here, by a payment or as a canary that came late; the others are absent. */
export async function knownSessions(pool: Pool, ids: readonly string[]): Promise<Map<string, SessionHere>> {
  const { rows } = await pool.query<Row>(
    `SELECT ids.id, p.amount_cents::float8 AS amount_cents, p.currency
     FROM unnest($1::text[]) AS ids (id) LEFT JOIN payments p ON p.session_id = ids.id
     WHERE p.session_id IS NOT NULL OR EXISTS (
       SELECT 1 FROM stripe_events e
       WHERE e.object_id = ids.id AND e.outcome IN ('payment_recorded', 'already_paid', 'canary_late'))`,
    [ids],
  );
  return new Map(
    rows.map(({ id, amount_cents, currency }) => [
      id,
      { amountCents: amount_cents ?? undefined, currency: currency ?? undefined },
    ]),
  );
}
