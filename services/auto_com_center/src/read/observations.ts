import { APP_LABELS } from '@scholar/contract';
import type { Pool } from 'pg';
import type { WriteLatency } from '../ingest/write-latency.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Sightings } from '../sightings/sightings.ts';

/** What A8 has seen of one label. Canary requests are not in the legacy and rejected counts. */
export type AppObservation = {
  last_event_at: string | null;
  events_1h: number;
  simulated_1h: number;
  /** Of recent writes through this replica. */
  p95_write_ms: number | null;
  legacy_endpoint_hits: number;
  legacy_alias_events: number;
  last_legacy_at: string | null;
  rejected_1h: number;
};

/** `unknown` holds the requests to /ingest that claimed none of the seven labels. */
export type Observations = {
  at: string;
  apps: Record<string, AppObservation>;
  keys: {
    id: string;
    /** Null until a key whose entry leaves it open is first used here. */
    fingerprint: string | null;
    labels: readonly string[];
    role: string;
    not_after: string | null;
  }[];
};

type Row = {
  app_label: string;
  last_event_at: Date | null;
  events_1h: number;
  simulated_1h: number;
  legacy_endpoint_hits: number;
  legacy_alias_events: number;
  last_legacy_at: Date | null;
  rejected_1h: number;
};

/** The last hour by the block ranges of received_at, the rest from the sightings: no scan of the whole table. */
const QUERY = `
WITH recent AS (
  SELECT app_label, max(received_at) FILTER (WHERE canary_id IS NULL OR forwarder_id IS NOT NULL) AS last_at,
         count(*) FILTER (WHERE NOT simulated) AS events,
         count(*) FILTER (WHERE simulated) AS simulated
  FROM events WHERE received_at >= clock_timestamp() - interval '1 hour' GROUP BY app_label
), seen AS (
  SELECT app_label,
         max(last_at) FILTER (WHERE kind IN ('event', 'simulated')) AS last_event_at,
         sum(hits) FILTER (WHERE kind = 'legacy_endpoint') AS legacy_endpoint,
         sum(hits) FILTER (WHERE kind = 'legacy_alias') AS legacy_alias,
         max(last_at) FILTER (WHERE kind IN ('legacy_endpoint', 'legacy_alias')) AS last_legacy_at
  FROM sightings GROUP BY app_label
), refused AS (
  SELECT app_label, sum(1 + suppressed) AS rows FROM rejected_events
  WHERE at >= clock_timestamp() - interval '1 hour' AND canary_id IS NULL AND app_label IS NOT NULL GROUP BY app_label
)
SELECT app_label, greatest(recent.last_at, seen.last_event_at) AS last_event_at,
       coalesce(recent.events, 0)::float8 AS events_1h, coalesce(recent.simulated, 0)::float8 AS simulated_1h,
       coalesce(seen.legacy_endpoint, 0)::float8 AS legacy_endpoint_hits,
       coalesce(seen.legacy_alias, 0)::float8 AS legacy_alias_events, seen.last_legacy_at,
       coalesce(refused.rows, 0)::float8 AS rejected_1h
FROM unnest($1::text[]) AS labels (app_label)
LEFT JOIN recent USING (app_label) LEFT JOIN seen USING (app_label) LEFT JOIN refused USING (app_label)`;

/** Gathers the observations of every label; this replica's own counts are added to the database first. */
export async function readObservations(deps: {
  pool: Pool;
  sightings: Sightings;
  latency: WriteLatency;
  ring: KeyRing;
  nowMs: number;
}): Promise<Observations> {
  const { pool, sightings, latency, ring, nowMs } = deps;
  await sightings.flush();
  const result = await pool.query<Row>(QUERY, [[...APP_LABELS, 'unknown']]);
  const apps = result.rows.map(({ app_label, last_event_at, last_legacy_at, ...counts }) => {
    const label = APP_LABELS.find((known) => known === app_label);
    const observation: AppObservation = {
      last_event_at: last_event_at?.toISOString() ?? null,
      ...counts,
      p95_write_ms: label === undefined ? null : latency.ofApp(label).p95,
      last_legacy_at: last_legacy_at?.toISOString() ?? null,
    };
    return [app_label, observation] as const;
  });
  const keys = ring.keys.map(({ id, fingerprint, labels, role, not_after }) => ({
    id,
    fingerprint,
    labels,
    role,
    not_after,
  }));
  return { at: new Date(nowMs).toISOString(), apps: Object.fromEntries(apps), keys };
}
