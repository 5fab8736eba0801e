import { HTTP_METRICS } from '@scholar/runtime/http';
import { defineMetrics } from '@scholar/runtime/metrics';
import { TRACING_METRICS } from '@scholar/runtime/tracing';

/** Seconds. 0.15 is an edge, because "at most 150 ms" is judged by this bucket and not by interpolation. */
export const WRITE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.3, 0.5, 1, 2.5];

/** Every metric of A8. `canary="true"` marks requests that carry a valid canary token: no finding, no alert counts them. */
export const METRICS = defineMetrics({
  ...HTTP_METRICS,
  ...TRACING_METRICS,
  a8_event_write_seconds: {
    type: 'histogram',
    help: 'From the last byte of an event to its receipt, commit included.',
    labels: ['canary'],
    buckets: WRITE_BUCKETS,
  },
  a8_events_total: {
    type: 'counter',
    help: 'Acknowledged events by result: new (201) or duplicate (200).',
    labels: ['app', 'type', 'result', 'canary'],
  },
  a8_refused_total: {
    type: 'counter',
    help: 'Requests to POST /events that got a problem document, by its code.',
    labels: ['code', 'canary'],
  },
  a8_rejected_rows_total: {
    type: 'counter',
    help: 'Refused events with a valid key: stored as a row, suppressed by the rate cap, or lost to a full queue or a database failure.',
    labels: ['result'],
  },
  a8_legacy_endpoint_total: {
    type: 'counter',
    help: 'Requests to /ingest by claimed label; unknown where the label is none of the seven.',
    labels: ['app', 'canary'],
  },
  a8_legacy_alias_total: {
    type: 'counter',
    help: 'Events accepted under a legacy name.',
    labels: ['app', 'alias'],
  },
  a8_batch_rows: {
    type: 'histogram',
    help: 'Events in one batch.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  },
  a8_queue_depth: { type: 'gauge', help: 'Events that wait for a connection to the database.' },
  a8_database_failures_total: {
    type: 'counter',
    help: 'Batches that the database did not answer; their senders got 503 and will retry.',
  },
  a8_database_up: { type: 'gauge', help: '1 when the schema is in place and the last look succeeded.' },
  a8_keys: { type: 'gauge', help: 'Keys in the ring that are valid now, by role.', labels: ['role'] },
  a8_key_files_bad: { type: 'gauge', help: 'Files of the key ring that cannot be used.' },
  a8_stream_clients: { type: 'gauge', help: 'Open live tails.' },
  a8_expired_rows_total: {
    type: 'counter',
    help: 'Rows that this replica deleted because they had expired, by table.',
    labels: ['table'],
  },
  a8_expiry_runs_total: {
    type: 'counter',
    help: 'Looks for expired rows: done, elsewhere (another replica is at it), or failed.',
    labels: ['result'],
  },
  a8_erased_rows_total: {
    type: 'counter',
    help: 'Events that this replica erased: stored ones (swept), and those that came after the erasure of their actor (late).',
    labels: ['as'],
  },
  a8_erasures_unfinished: { type: 'gauge', help: 'Erasures that were asked for and are not done yet.' },
  a8_verdict_age_seconds: { type: 'gauge', help: 'Age of the newest truth table; -1 where there is none.' },
  a8_verdict_rows: {
    type: 'gauge',
    help: 'Rows of the truth table as A8 believes it now, by verdict (green, red, unknown).',
    labels: ['environment', 'verdict'],
  },
  a8_app_verdict: {
    type: 'gauge',
    help: 'What the truth table says of an application as A8 believes it now: 1 green, 0 red, -1 unknown.',
    labels: ['environment', 'app'],
  },
  a8_heartbeat_age_seconds: {
    type: 'gauge',
    help: 'Time since whoever looks after the system was last heard of; -1 where nobody ever was.',
    labels: ['environment'],
  },
  a8_heartbeat_period_seconds: {
    type: 'gauge',
    help: 'How often it wants to be heard of; after two such periods every verdict is unknown.',
    labels: ['environment'],
  },
  a8_verdict_stale: {
    type: 'gauge',
    help: '1 when the truth table is older than two periods or missing, so every verdict is unknown.',
  },
});
