import type { Pool } from 'pg';
import { GIVEN_BACK } from '../payments/given-back.ts';
import type { OwnScholarship } from './catalogue-api.ts';

/**
 * How many scholarships a provider may still publish: one for each listing that was paid and not given back, and not taken up
 * by another. Where scholarship_api notes no listings, what was public once has taken one. Pure.
 */
export function listingsLeft(
  paid: number,
  scholarships: readonly Pick<OwnScholarship, 'status' | 'took_listing'>[],
): number {
  const taken = scholarships.filter(({ status, took_listing }) => took_listing ?? status !== 'draft');
  return Math.max(0, paid - taken.length);
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
