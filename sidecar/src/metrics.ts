import { defineMetrics } from '@scholar/runtime/metrics';
import { TRACING_METRICS } from '@scholar/runtime/tracing';

/** Every metric of the forwarder; nothing else names one. Names and labels are API. */
export const FORWARDER_METRICS = defineMetrics({
  forwarder_appended_total: { type: 'counter', help: 'Events acknowledged after fsync.' },
  forwarder_delivered_total: { type: 'counter', help: 'Events that A8 confirmed with persisted:true.' },
  forwarder_dead_total: {
    type: 'counter',
    help: 'Events that A8 refused for good, by class (contract, system).',
    labels: ['class'],
  },
  forwarder_discarded_total: { type: 'counter', help: 'Events given up by an operator.' },
  forwarder_retries_total: {
    type: 'counter',
    help: 'Attempts that have to be repeated, by reason (unreachable, no_receipt, 408, 429, 5xx, hold).',
    labels: ['reason'],
  },
  forwarder_a8_answers_total: {
    type: 'counter',
    help: 'Answers of A8 by verdict (delivered, retry, dead, hold) and silence (unreachable).',
    labels: ['verdict'],
  },
  forwarder_intake_refused_total: {
    type: 'counter',
    help: 'Requests that the intake did not accept, by problem code; canary="true" with a valid canary token.',
    labels: ['code', 'canary'],
  },
  forwarder_write_seconds: {
    type: 'histogram',
    help: 'From the POST to A8 until its receipt, of delivered events.',
    // The goal of the ecosystem is a P95 of 150 ms: with an edge there the share below it is exact.
    buckets: [0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5, 10],
  },
  forwarder_queue_depth: { type: 'gauge', help: 'Events that owe a delivery.' },
  forwarder_queue_bytes: { type: 'gauge', help: 'Their bytes on disk.' },
  forwarder_oldest_age_seconds: {
    type: 'gauge',
    help: 'Age of the oldest of them; 0 when there is none. Alert on this.',
  },
  forwarder_in_flight: { type: 'gauge', help: 'Events on their way to A8 right now.' },
  forwarder_in_flight_limit: { type: 'gauge', help: 'How many may be, by the window of delivery.' },
  forwarder_dead_letters: {
    type: 'gauge',
    help: 'Dead letters that nobody has dealt with, by class.',
    labels: ['class'],
  },
  forwarder_hold: { type: 'gauge', help: '1 while delivery is held for this reason.', labels: ['reason'] },
  forwarder_quarantined: { type: 'gauge', help: 'Damaged ranges of the log that were set aside.' },
  forwarder_orphan_files: { type: 'gauge', help: 'Files in the outbox folder that are not ours.' },
  forwarder_missing_segments: { type: 'gauge', help: 'Segments that must have existed and are gone.' },
  forwarder_accounted_events: {
    type: 'gauge',
    help: 'Events of the whole life of the folder by what became of them: appended = delivered + queued + dead + discarded (+ quarantined + missing, 0 unless the disk or a hand changed our files).',
    labels: ['fate'],
  },
  forwarder_unaccounted_events: {
    type: 'gauge',
    help: 'Appended less all other fates. Anything but 0 is a defect of ours.',
  },
  forwarder_next_attempt_seconds: {
    type: 'gauge',
    help: 'Until the next attempt, while something is queued and has to wait; else 0.',
  },
  forwarder_last_receipt_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last receipt of A8 came, since the epoch; over restarts as long as one is retained; 0 before the first.',
  },
  forwarder_outbox_bytes: { type: 'gauge', help: 'Bytes of the whole outbox folder.' },
  forwarder_outbox_quota_bytes: { type: 'gauge', help: 'How many it may have (OUTBOX_MAX_BYTES).' },
  ...TRACING_METRICS,
});

export type ForwarderMetrics = typeof FORWARDER_METRICS;
