import type { Objective } from './objective.ts';

const SHARE = '{{ $value | humanizePercentage }}';
const NAMESPACE = '{{ $labels.namespace }}';

/** What scholar promises whoever runs it. Rules, alerts and their pages come from this table. */
export const OBJECTIVES: readonly Objective[] = [
  {
    kind: 'events',
    name: 'write-latency',
    chart: 'hub',
    by: ['namespace'],
    metric: 'a8_slow_writes',
    // 0.15 is an edge of the histogram, so the share is exact and no interpolation.
    good: 'a8_event_write_seconds_bucket{le="0.15", canary="false"}',
    all: 'a8_event_write_seconds_count{canary="false"}',
    target: 0.95,
    atLeast: 20,
    alert: 'WriteLatency',
    promise: 'A8 writes an event within 150 ms, commit included',
    summary: (window) =>
      `${SHARE} of the events of the last ${window} in ${NAMESPACE} took A8 more than 150 ms.`,
    runbook: 'docs/runbooks/write-latency.md',
  },
  {
    kind: 'time',
    name: 'delivery-freshness',
    chart: 'scholar',
    by: ['namespace', 'app'],
    metric: 'forwarder_late',
    // Of several replicas the one that is furthest behind speaks. The audit calls a backlog old at the same age.
    bad: 'max by (namespace, app) (forwarder_oldest_age_seconds > bool 60)',
    target: 0.99,
    alert: 'DeliveryFreshness',
    promise: 'no event of an application waits for A8 longer than a minute',
    summary: (window) =>
      `${SHARE} of the last ${window} the oldest event of {{ $labels.app }} in ${NAMESPACE} had waited for more than a minute.`,
    runbook: 'docs/runbooks/delivery-late.md',
  },
  {
    kind: 'time',
    name: 'truth-table',
    chart: 'hub',
    by: ['namespace', 'environment'],
    metric: 'truth_table_red',
    // Of several replicas of A8 the one that has seen most speaks.
    bad: 'min by (namespace, environment) (a8_verdict_rows{verdict="red"} > bool 0)',
    target: 0.99,
    alert: 'TruthTable',
    promise: 'no application is proven not to work',
    summary: (window) =>
      `${SHARE} of the last ${window} the truth table of {{ $labels.environment }} in ${NAMESPACE} was red.`,
    runbook: 'docs/runbooks/truth-table-red.md',
  },
  {
    kind: 'never',
    name: 'no-loss',
    chart: 'hub',
    by: ['namespace', 'table', 'app'],
    metric: 'acknowledged_events_lost',
    promise: 'every event that A8 acknowledged is a row',
    count: 'max by (namespace, table, app) (operator_conservation_residual)',
    for: '5m',
    alert: 'AcknowledgedEventsLost',
    summary:
      '{{ $value }} events of {{ $labels.app }} that A8 acknowledged are no rows ({{ $labels.table }}).',
    description:
      'Somebody deleted rows of A8, or an older copy of its database was restored. Forwarders keep what they delivered for a day. With remedy Repair the operator ' +
      'has them send exactly these again; five minutes were not enough.',
    runbook: 'docs/runbooks/events-lost.md',
  },
  {
    kind: 'never',
    name: 'every-event-accounted',
    chart: 'scholar',
    by: ['namespace', 'app'],
    metric: 'unaccounted_events',
    promise: 'a forwarder knows what became of every event that it took',
    count: 'max by (namespace, app) (abs(forwarder_unaccounted_events))',
    for: '5m',
    alert: 'ForwarderUnaccountedEvents',
    summary:
      'The forwarder of {{ $labels.app }} in {{ $labels.namespace }} cannot account for {{ $value }} events.',
    description:
      'What it took is not the sum of what it delivered, queues, buried and gave up. That is a defect of the forwarder. Its folder is evidence; keep it.',
    runbook: 'docs/runbooks/outbox-damaged.md',
  },
];
