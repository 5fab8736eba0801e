import { defineMetrics } from '@scholar/runtime/metrics';

/** Every metric of the operator's machinery; nothing else names one. Names and labels are API. */
export const CONTROLLER_METRICS = defineMetrics({
  operator_passes_total: {
    type: 'counter',
    help: 'Reconciliations that ended, by result (done, failed, interrupted).',
    labels: ['result'],
  },
  operator_pass_seconds: {
    type: 'histogram',
    help: 'How long one took.',
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60],
  },
  operator_wait_seconds: {
    type: 'histogram',
    help: 'From when an object was due until its reconciliation began.',
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60],
  },
  operator_waiting: {
    type: 'gauge',
    help: 'Objects that wait for their next reconciliation, also a later one.',
  },
  operator_objects: { type: 'gauge', help: 'Objects that are known.' },
  operator_watch_failures: {
    type: 'gauge',
    help: 'Failures of the watch since the API server was last heard of. Alert when it stays above 5.',
  },
  operator_leader: { type: 'gauge', help: '1 where this process leads.' },
  operator_api_calls_total: {
    type: 'counter',
    help: 'Calls of the API server by verb, resource and status (none = no answer). In a quiet hour list stands still.',
    labels: ['verb', 'resource', 'status'],
  },
  operator_events_dropped_total: {
    type: 'counter',
    help: 'Kubernetes Events that were not written, by reason (refused, suppressed).',
    labels: ['reason'],
  },
  operator_conservation_residual: {
    type: 'gauge',
    help: 'Events that A8 acknowledged in the last 23 hours and does not have, by TruthTable and app. 0, always; no series where nothing could be compared.',
    labels: ['table', 'app'],
  },
  operator_guards_failed: {
    type: 'gauge',
    help: 'Of what A8 must refuse, how much it did not at the last try, by TruthTable.',
    labels: ['table'],
  },
  operator_findings: {
    type: 'gauge',
    help: 'What the last look found, by TruthTable and severity (critical, major, minor, info). No series where nobody could look.',
    labels: ['table', 'severity'],
  },
  operator_repairs_total: {
    type: 'counter',
    help: 'Remedies that were applied, by result (proven by an event, or unproven).',
    labels: ['result'],
  },
  operator_proofs_total: {
    type: 'counter',
    help: 'Verifications that ended, by what they said of all applications together (green, red, unknown).',
    labels: ['verdict'],
  },
});

/** Those that only a leader knows; a follower must not tell what it knew once. */
export const LEADER_GAUGES = [
  'operator_conservation_residual',
  'operator_guards_failed',
  'operator_findings',
] as const;
