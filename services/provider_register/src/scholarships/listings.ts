import type { Pool } from 'pg';
import { GIVEN_BACK } from '../payments/given-back.ts';
import type { Scholarship } from './catalogue-api.ts';

/**
 * How many scholarships a provider may still publish: one for each listing that was paid and not given back. One that was
 * public once has used up its listing, whatever became of it. Pure.
 */
export function listingsLeft(paid: number, scholarships: readonly Pick<Scholarship, 'status'>[]): number {
  return Math.max(0, paid - scholarships.filter(({ status }) => status !== 'draft').length);
}

/** Listings that a provider has paid for; what was given back as a whole does not count. */
export async function countListings(pool: Pool, providerId: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM payments p
     WHERE p.provider_id = $1 AND (p.amount_cents = 0 OR ${GIVEN_BACK} < p.amount_cents)`,
    [providerId],
  );
  return rows[0]?.count ?? 0;
}
