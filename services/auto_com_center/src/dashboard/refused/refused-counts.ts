import type { Pool } from 'pg';

/** Refusals of one app for one reason. */
export type RefusedCount = {
  app: string | null;
  code: string;
  /** With those that the rate cap counted and did not keep. */
  count: number;
  lastAt: Date;
  /** Where the newest of them is wrong; null where the reason has no place in the event. */
  pointer: string | null;
  lastId: string;
};

/** By the index on time; the rate cap bounds how many rows there are. */
export async function countRefused(
  pool: Pool,
  query: { since: Date; simulated: boolean | null },
): Promise<RefusedCount[]> {
  const result = await pool.query<RefusedCount>(
    `SELECT app_label AS app, code, sum(1 + suppressed)::float8 AS count, max(at) AS "lastAt", max(id)::text AS "lastId",
            (array_agg(pointer ORDER BY id DESC))[1] AS pointer
     FROM rejected_events WHERE at >= $1 AND ($2::boolean IS NULL OR (canary_id IS NOT NULL) = $2)
     GROUP BY app_label, code ORDER BY count DESC, app_label, code`,
    [query.since, query.simulated],
  );
  return result.rows;
}
