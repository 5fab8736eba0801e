import { board } from './board.ts';
import { WRITE_GOAL_S, WRITE_GOAL_SHARE } from './goals.ts';
import { figures, lines } from './panel.ts';
import { quantile, rate, rise } from './promql.ts';
import { HERE, namespace } from './variables.ts';

/** Canaries are judged by the truth table; latency is about what people wait for. */
const REAL = `${HERE}, canary="false"`;
const WITHIN = `sum(${rate('a8_event_write_seconds_bucket', `${REAL}, le="${WRITE_GOAL_S}"`)}) / sum(${rate('a8_event_write_seconds_count', REAL)})`;

export const a8Writes = () =>
  board({
    uid: 'scholar-a8',
    title: 'scholar / A8 write latency',
    what: 'How fast A8 makes rows of events, by its own clock and by that of the load generator, and what it refuses.',
    variables: [namespace('a8_database_up')],
    rows: [
      {
        title: 'The promise: 95 % of the writes within 150 ms',
        panels: [
          figures({
            title: 'Writes within 150 ms',
            what: 'Exact: 150 ms is an edge of the histogram. Good: 95 % or more. Empty without traffic.',
            unit: 'percentunit',
            query: { expr: WITHIN, legend: 'within 150 ms' },
            goal: { at: WRITE_GOAL_SHARE, bad: 'below' },
          }),
          figures({
            title: 'Database',
            what: 'Whether every replica of A8 reaches PostgreSQL with the schema in place. Good: up. Else forwarders keep every event and wait.',
            unit: 'none',
            query: { expr: `min(a8_database_up{${HERE}})`, legend: 'database' },
            words: { '1': { text: 'up', color: 'green' }, '0': { text: 'DOWN', color: 'red' } },
          }),
          figures({
            title: 'Failed batches',
            what: 'Batches that the database did not answer, in the time shown. Good: 0. Their senders got 503 and try again; nothing is lost.',
            unit: 'none',
            query: { expr: `sum(${rise('a8_database_failures_total', HERE)})`, legend: 'failed' },
            goal: { at: 1, bad: 'above' },
          }),
          figures({
            title: 'Lost under load',
            what: 'Events that A8 acknowledged to the load generator and whose rows were not there. Good: 0, always. Only while load runs.',
            unit: 'none',
            query: { expr: 'sum(increase(k6_lost_events_total[$__range]))', legend: 'lost' },
            goal: { at: 1, bad: 'above' },
          }),
          lines({
            title: 'Time of a write: server and client',
            what: 'A8 measures from the last byte of the event to its receipt, commit included; its percentiles are estimated within buckets. k6 (or our runner) measures the whole request, and its percentiles are exact since its start. Good: P95 below the line of 150 ms.',
            unit: 's',
            goal: { at: WRITE_GOAL_S, bad: 'above' },
            width: 16,
            height: 9,
            queries: [
              { expr: quantile(0.5, 'a8_event_write_seconds', REAL), legend: 'A8 P50' },
              { expr: quantile(0.95, 'a8_event_write_seconds', REAL), legend: 'A8 P95' },
              { expr: quantile(0.99, 'a8_event_write_seconds', REAL), legend: 'A8 P99' },
              { expr: 'max(k6_http_req_duration_p95)', legend: 'k6 P95' },
              { expr: 'max(k6_http_req_duration_p99)', legend: 'k6 P99' },
            ],
          }),
          lines({
            title: 'Share within 150 ms',
            what: 'Good: above the line of 95 %.',
            unit: 'percentunit',
            goal: { at: WRITE_GOAL_SHARE, bad: 'below' },
            max: 1,
            width: 8,
            height: 9,
            queries: [{ expr: WITHIN, legend: 'within 150 ms' }],
          }),
        ],
      },
      {
        title: 'What comes in, and what is refused',
        panels: [
          lines({
            title: 'Acknowledged events by application',
            what: 'New rows and duplicates, canaries included. Good: each application at its usual rate; one that falls silent is looked for by the operator.',
            unit: 'ops',
            width: 8,
            queries: [{ expr: `sum by (app) (${rate('a8_events_total', HERE)})`, legend: '{{app}}' }],
          }),
          lines({
            title: 'Refused by reason',
            what: 'Requests that got a problem document, by its code (docs/errors). Good: nothing but what canaries try on purpose, which is left out here.',
            unit: 'ops',
            width: 8,
            queries: [{ expr: `sum by (code) (${rate('a8_refused_total', REAL)})`, legend: '{{code}}' }],
          }),
          lines({
            title: 'What became of refusals',
            what: 'A refused event with a valid key is kept as a row. Good: all stored; suppressed says that the cap was met, lost that the record of a refusal could not be kept.',
            unit: 'ops',
            width: 8,
            queries: [
              { expr: `sum by (result) (${rate('a8_rejected_rows_total', HERE)})`, legend: '{{result}}' },
            ],
          }),
        ],
      },
      {
        title: 'How it copes',
        panels: [
          lines({
            title: 'Events in one batch',
            what: 'One transaction holds a batch. Good: small when it is quiet; it grows with load, which is what keeps the latency flat.',
            unit: 'none',
            width: 8,
            queries: [
              {
                expr: `sum(${rate('a8_batch_rows_sum', HERE)}) / sum(${rate('a8_batch_rows_count', HERE)})`,
                legend: 'mean',
              },
            ],
          }),
          lines({
            title: 'Queue for the database',
            what: 'Events in A8 that wait for a connection. Good: near 0; if it stays high the database is the limit.',
            unit: 'none',
            width: 8,
            queries: [{ expr: `sum(a8_queue_depth{${HERE}})`, legend: 'waiting' }],
          }),
          lines({
            title: 'Load generator',
            what: 'Requests and failures as k6 or our runner counts them; iterations that could not start are missing load. Good: the rate of the profile, the others 0.',
            unit: 'ops',
            width: 8,
            queries: [
              { expr: 'sum(rate(k6_http_reqs_total[$__rate_interval]))', legend: 'requests' },
              { expr: 'sum(rate(k6_dropped_iterations_total[$__rate_interval]))', legend: 'not started' },
            ],
          }),
        ],
      },
    ],
  });
