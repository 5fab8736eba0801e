import type { Pool } from 'pg';

/**
 * Gives each sample whose last day is over the same day of a year in which it lies ahead, and publishes it again: they are yearly,
 * so the catalogue of a trial never runs empty. What a provider made is never touched.
 * @returns how many were renewed
 */
export async function renewSamples(db: Pick<Pool, 'query'>): Promise<number> {
  // So many times 365 days reach today; a year has no fewer.
  const { rowCount } = await db.query(
    `UPDATE scholarships
     SET status = 'published', updated_at = now(),
         deadline = (deadline + make_interval(years => ceil((current_date - deadline) / 365.0)::int))::date
     WHERE sample AND owner_provider_id IS NULL AND status <> 'draft' AND deadline < current_date`,
  );
  return rowCount ?? 0;
}
