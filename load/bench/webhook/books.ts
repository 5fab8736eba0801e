import { waitFor } from '@scholar/runtime/testing';
import type pg from 'pg';
import { sessionOf } from './delivery.ts';

/** The databases of A6 and of A8. */
export type Books = { register: pg.Pool; hub: pg.Pool };

/**
 * Looks whether each of these webhooks is one payment in A6 and one PaymentSuccess in A8.
 * @throws Error that tells how many are not
 */
export async function verifyPaid(books: Books, ids: readonly string[]): Promise<void> {
  const sessions = [...new Set(ids)].map(sessionOf);
  const paid = await countOf(
    books.register,
    'SELECT count(*) FROM payments WHERE session_id = ANY ($1)',
    sessions,
  );
  if (paid !== sessions.length) throw new Error(`${paid} of ${sessions.length} webhooks are payments`);
  const ROWS = `SELECT count(*) FROM events WHERE event_type = 'PaymentSuccess' AND payload->>'reference' = ANY ($1)`;
  const arrived = async () => (await countOf(books.hub, ROWS, sessions)) >= sessions.length;
  await waitFor(arrived, { timeoutMs: 120_000, what: 'every payment becoming a row of A8' });
  const rows = await countOf(books.hub, ROWS, sessions);
  if (rows !== sessions.length) throw new Error(`${sessions.length} payments are ${rows} rows of A8`);
}

async function countOf(pool: pg.Pool, statement: string, sessions: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(statement, [sessions]);
  return Number(rows[0]?.count);
}
