import { board } from './board.ts';
import { figures, lines } from './panel.ts';
import { quantile, rate } from './promql.ts';
import { HERE, namespace } from './variables.ts';
import { VERDICT_COLORS } from './verdict-words.ts';

const FROM_OPERATOR =
  'Told by the operator of a cluster (metrics.podMonitor of its chart); on one machine the supervisor does this work and has no such figures.';

export const operator = () =>
  board({
    uid: 'scholar-operator',
    title: 'scholar / Operator',
    what: 'Whether somebody looks after the system, what it found, what it repaired, and what it could prove.',
    variables: [namespace('a8_database_up')],
    rows: [
      {
        title: 'As A8 sees it: also when the operator is gone',
        panels: [
          figures({
            title: 'Last heard of',
            what: 'Since the last heartbeat of the operator, or of the supervisor of a machine. Good: below two of its periods; beyond them every verdict is unknown. -1: never.',
            unit: 's',
            query: {
              expr: `min by (environment) (a8_heartbeat_age_seconds{${HERE}})`,
              legend: '{{environment}}',
            },
          }),
          figures({
            title: 'Verdicts',
            what: 'Applications by verdict. Good: all green, red and unknown 0.',
            unit: 'none',
            width: 12,
            query: {
              expr: `max by (verdict) (a8_verdict_rows{${HERE}})`,
              legend: '{{verdict}}',
            },
          }),
          figures({
            title: 'Table believed',
            what: 'A table that is older than two periods is believed no more. Good: current.',
            unit: 'none',
            query: { expr: `min(a8_verdict_stale{${HERE}})`, legend: 'table' },
            words: { '0': { text: 'current', color: 'green' }, '1': { text: 'STALE', color: 'red' } },
          }),
          lines({
            title: 'Heartbeat, and two periods',
            what: 'Good: a saw below the line of two periods.',
            unit: 's',
            queries: [
              {
                expr: `min by (environment) (a8_heartbeat_age_seconds{${HERE}})`,
                legend: 'age, {{environment}}',
              },
              {
                expr: `2 * max by (environment) (a8_heartbeat_period_seconds{${HERE}})`,
                legend: 'two periods, {{environment}}',
              },
            ],
          }),
          lines({
            title: 'Verdicts over time',
            what: 'Good: green is a flat line at the number of applications.',
            unit: 'none',
            colors: VERDICT_COLORS,
            queries: [{ expr: `max by (verdict) (a8_verdict_rows{${HERE}})`, legend: '{{verdict}}' }],
          }),
        ],
      },
      {
        title: 'What it found, repaired and proved',
        panels: [
          lines({
            title: 'Findings',
            what: `What the last look found, by severity. Good: none that is critical or major. Each code has its page in docs/drifts. ${FROM_OPERATOR}`,
            unit: 'none',
            width: 8,
            queries: [
              {
                expr: `max by (table, severity) (operator_findings{${HERE}})`,
                legend: '{{table}} {{severity}}',
              },
            ],
          }),
          lines({
            title: 'Repairs',
            what: `Remedies applied, by whether an event proved them. Good: none is needed; one that is not proven was rolled back and needs somebody. ${FROM_OPERATOR}`,
            unit: 'none',
            width: 8,
            queries: [
              {
                expr: `sum by (result) (increase(operator_repairs_total{${HERE}}[$__rate_interval]))`,
                legend: '{{result}}',
              },
            ],
          }),
          lines({
            title: 'Proofs',
            colors: VERDICT_COLORS,
            what: `Verifications that ended, by what they said of all applications together. Good: green only, as many as the interval of the TruthTable says. ${FROM_OPERATOR}`,
            unit: 'none',
            width: 8,
            queries: [
              {
                expr: `sum by (verdict) (increase(operator_proofs_total{${HERE}}[$__rate_interval]))`,
                legend: '{{verdict}}',
              },
            ],
          }),
          lines({
            title: 'Acknowledged and not there',
            what: `Events of the last 23 hours that A8 acknowledged and that are no rows now. Good: 0, always. ${FROM_OPERATOR}`,
            unit: 'none',
            queries: [
              { expr: `max by (table, app) (operator_conservation_residual{${HERE}})`, legend: '{{app}}' },
            ],
          }),
          lines({
            title: 'Guards broken',
            what: `Of what A8 must refuse, how much it did not at the last try. Good: 0. ${FROM_OPERATOR}`,
            unit: 'none',
            queries: [{ expr: `max by (table) (operator_guards_failed{${HERE}})`, legend: '{{table}}' }],
          }),
        ],
      },
      {
        title: 'Its machinery',
        panels: [
          lines({
            title: 'Passes',
            what: `Reconciliations by result. Good: done only. ${FROM_OPERATOR}`,
            unit: 'ops',
            width: 8,
            queries: [
              { expr: `sum by (result) (${rate('operator_passes_total', HERE)})`, legend: '{{result}}' },
            ],
          }),
          lines({
            title: 'P95 of a pass, and of waiting for one',
            what: `Good: a pass in seconds, waiting in milliseconds. ${FROM_OPERATOR}`,
            unit: 's',
            width: 8,
            queries: [
              { expr: quantile(0.95, 'operator_pass_seconds', HERE), legend: 'pass' },
              { expr: quantile(0.95, 'operator_wait_seconds', HERE), legend: 'wait' },
            ],
          }),
          lines({
            title: 'Leaders, objects, watch failures',
            what: `Good: one leader; objects are your TruthTables; failures return to 0. ${FROM_OPERATOR}`,
            unit: 'none',
            width: 8,
            queries: [
              { expr: `sum(operator_leader{${HERE}})`, legend: 'leaders' },
              { expr: `max(operator_objects{${HERE}})`, legend: 'objects' },
              { expr: `max(operator_watch_failures{${HERE}})`, legend: 'watch failures' },
            ],
          }),
          lines({
            title: 'Calls of the API server',
            what: `By verb and status. Good: few, and list stands still in a quiet hour. ${FROM_OPERATOR}`,
            unit: 'ops',
            width: 24,
            queries: [
              {
                expr: `sum by (verb, status) (${rate('operator_api_calls_total', HERE)})`,
                legend: '{{verb}} {{status}}',
              },
            ],
          }),
        ],
      },
    ],
  });
