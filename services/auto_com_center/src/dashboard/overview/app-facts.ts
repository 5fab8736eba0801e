import { APP_LABELS, type AppLabel } from '@scholar/contract';
import type { Pool } from 'pg';

/** What A8's own tables tell of one app now. */
export type AppFacts = {
  label: AppLabel;
  lastEventAt: Date | null;
  /** Of the last simulated event that came through its forwarder: a canary, nearly always. */
  lastCanaryAt: Date | null;
  /** Refusals of the last hour, canaries aside; those that the rate cap left out are counted. */
  refused1h: number;
};

/** Reads small tables only: sightings is at most a few rows a label, refusals are found by their index on time. */
export async function readAppFacts(pool: Pool): Promise<AppFacts[]> {
  const result = await pool.query<AppFacts>(
    `WITH seen AS (
       SELECT app_label, max(last_at) FILTER (WHERE kind = 'event') AS event_at,
              max(last_at) FILTER (WHERE kind = 'simulated') AS canary_at
       FROM sightings GROUP BY app_label
     ), refused AS (
       SELECT app_label, sum(1 + suppressed)::float8 AS rows FROM rejected_events
       WHERE at >= clock_timestamp() - interval '1 hour' AND canary_id IS NULL GROUP BY app_label
     )
     SELECT app_label AS label, event_at AS "lastEventAt", canary_at AS "lastCanaryAt",
            coalesce(refused.rows, 0) AS "refused1h"
     FROM unnest($1::text[]) WITH ORDINALITY AS labels (app_label, place)
     LEFT JOIN seen USING (app_label) LEFT JOIN refused USING (app_label) ORDER BY place`,
    [APP_LABELS],
  );
  return result.rows;
}
