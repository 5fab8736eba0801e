import { board } from './board.ts';
import { WRITE_GOAL_S } from './goals.ts';
import { figures, lines, matrix } from './panel.ts';
import { quantile, rate } from './promql.ts';
import { app, HERE, namespace, OF_APP } from './variables.ts';
import { VERDICT_WORDS } from './verdict-words.ts';

export const bloodline = () =>
  board({
    uid: 'scholar-bloodline',
    title: 'scholar / Bloodline',
    what: 'From a business event to its row: what is proven, whether anything is missing, and how long each hop takes.',
    variables: [namespace('forwarder_queue_depth'), app()],
    rows: [
      {
        title: 'No green without a row',
        panels: [
          figures({
            title: 'Truth table',
            what: 'What the last canary of each application proved. Good: all green. Unknown means that nobody could look, and counts as not green.',
            unit: 'none',
            query: { expr: `max by (app) (a8_app_verdict{${OF_APP}})`, legend: '{{app}}' },
            words: VERDICT_WORDS,
            width: 24,
          }),
          figures({
            title: 'Events unaccounted for',
            what: 'Appended less delivered, queued, dead and discarded, of all forwarders. Good: 0, always. Anything else is a defect.',
            unit: 'none',
            query: { expr: `sum(forwarder_unaccounted_events{${OF_APP}})`, legend: 'unaccounted' },
            goal: { at: 1, bad: 'above' },
            width: 8,
          }),
          figures({
            title: 'Age of the truth table',
            what: 'Since the newest table was reported. Good: below two periods of the operator (two minutes unless it is set otherwise).',
            unit: 's',
            query: { expr: `min(a8_verdict_age_seconds{${HERE}})`, legend: 'age' },
            width: 8,
          }),
          figures({
            title: 'Waiting on disk',
            what: 'Events that a forwarder has promised to deliver and A8 has not confirmed. Good: near 0, and back to it after an outage.',
            unit: 'none',
            query: { expr: `sum(forwarder_queue_depth{${OF_APP}})`, legend: 'queued' },
            width: 8,
          }),
        ],
      },
      {
        title: 'In = stored + queued + dead',
        panels: [
          matrix({
            title: 'What became of every event',
            what: 'Of the whole life of each outbox. Good: appended = delivered + queued + dead + discarded in each line, and quarantined and missing are 0.',
            unit: 'none',
            expr: `sum by (app, fate) (forwarder_accounted_events{${OF_APP}})`,
            rows: 'app',
            columns: 'fate',
            width: 15,
          }),
          lines({
            title: 'In, delivered, stored',
            width: 9,
            what: 'Accepted by forwarders, confirmed by A8, and new rows in A8. Good: the three lines lie on each other; delivered lags behind in an outage and then overtakes. What goes to A8 without a forwarder, such as load, is only seen as stored.',
            unit: 'ops',
            queries: [
              {
                expr: `sum(${rate('forwarder_appended_total', OF_APP)})`,
                legend: 'in: accepted after fsync',
              },
              {
                expr: `sum(${rate('forwarder_delivered_total', OF_APP)})`,
                legend: 'delivered: receipt of A8',
              },
              {
                expr: `sum(${rate('a8_events_total', `${OF_APP}, result="new"`)})`,
                legend: 'stored: new rows in A8',
              },
            ],
          }),
        ],
      },
      {
        title: 'How long each hop takes',
        panels: [
          lines({
            title: 'P95 of each hop',
            what: 'From the application to its forwarder (202 after fsync), from the forwarder to the receipt of A8, and the write in A8 alone. Good: each below 150 ms. Estimated within buckets; 150 ms is an edge of them.',
            unit: 's',
            goal: { at: WRITE_GOAL_S, bad: 'above' },
            queries: [
              { expr: quantile(0.95, 'emit_seconds', OF_APP), legend: 'app to 202' },
              { expr: quantile(0.95, 'forwarder_write_seconds', OF_APP), legend: 'forwarder to receipt' },
              { expr: quantile(0.95, 'a8_event_write_seconds', HERE), legend: 'A8: last byte to receipt' },
            ],
          }),
          lines({
            title: 'Waiting in the outbox of a service',
            what: 'Events committed with their business row and not yet handed to the forwarder. Good: 0, but for moments.',
            unit: 'none',
            queries: [{ expr: `sum by (app) (outbox_relay_waiting{${OF_APP}})`, legend: '{{app}}' }],
          }),
        ],
      },
    ],
  });
