import { board } from './board.ts';
import { BACKLOG_GOAL_S, OUTBOX_GOAL_SHARE } from './goals.ts';
import { figures, lines } from './panel.ts';
import { orZero, rate } from './promql.ts';
import { app, namespace, OF_APP } from './variables.ts';

const byApp = (metric: string): string => `max by (app) (${metric}{${OF_APP}})`;
const PRESENT = `forwarder_queue_depth{${OF_APP}}`;

export const forwarders = () =>
  board({
    uid: 'scholar-forwarders',
    title: 'scholar / Forwarders',
    what: 'The forwarder of each application: what it holds on disk, why, and how full that disk is.',
    variables: [namespace('forwarder_queue_depth'), app()],
    rows: [
      {
        title: 'Does anything wait',
        panels: [
          figures({
            title: 'Held',
            what: '1 where delivery is held: a wrong key or a wrong address, not an event, is the reason. Good: 0 everywhere. Nothing is lost, nothing arrives.',
            unit: 'none',
            query: {
              expr: orZero(`max by (app) (forwarder_hold{${OF_APP}})`, 'app', PRESENT),
              legend: '{{app}}',
            },
            words: { '0': { text: 'flows', color: 'green' }, '1': { text: 'HELD', color: 'red' } },
            width: 24,
          }),
          lines({
            title: 'Age of the oldest undelivered event',
            what: 'The figure to alert on: depth alone cannot tell seconds from hours. Good: below the line of five minutes.',
            unit: 's',
            goal: { at: BACKLOG_GOAL_S, bad: 'above' },
            queries: [{ expr: byApp('forwarder_oldest_age_seconds'), legend: '{{app}}' }],
          }),
          lines({
            title: 'Undelivered events',
            what: 'On disk, owed to A8. Good: near 0; a hill in an outage is the outbox at work, and it has to come down afterwards.',
            unit: 'none',
            queries: [{ expr: byApp('forwarder_queue_depth'), legend: '{{app}}' }],
          }),
        ],
      },
      {
        title: 'How delivery goes',
        panels: [
          lines({
            title: 'Delivered',
            what: 'Events that A8 confirmed as rows. Good: follows the business; it overtakes after an outage.',
            unit: 'ops',
            width: 8,
            queries: [
              { expr: `sum by (app) (${rate('forwarder_delivered_total', OF_APP)})`, legend: '{{app}}' },
            ],
          }),
          lines({
            title: 'Retries by reason',
            what: 'Attempts that have to be repeated. Good: 0; unreachable and 5xx heal when A8 is back, hold needs somebody.',
            unit: 'ops',
            width: 8,
            queries: [
              { expr: `sum by (reason) (${rate('forwarder_retries_total', OF_APP)})`, legend: '{{reason}}' },
            ],
          }),
          lines({
            title: 'In flight, and the window',
            what: 'Events on their way to A8, and how many may be. Good: the window is at its usual width; it shrinks when A8 is slow.',
            unit: 'none',
            width: 8,
            queries: [
              { expr: `sum(forwarder_in_flight{${OF_APP}})`, legend: 'in flight' },
              { expr: `sum(forwarder_in_flight_limit{${OF_APP}})`, legend: 'window' },
            ],
          }),
          lines({
            title: 'Since the last receipt',
            what: 'How long A8 has confirmed nothing to it. Good: not longer than the pause between two canaries; a quiet forwarder and a dead one differ by the truth table.',
            unit: 's',
            queries: [
              {
                expr: `time() - max by (app) (forwarder_last_receipt_timestamp_seconds{${OF_APP}} > 0)`,
                legend: '{{app}}',
              },
            ],
          }),
          lines({
            title: 'Until the next attempt',
            what: 'While something waits: the pause of the back-off. Good: 0, or minutes in a long outage; it is never given up.',
            unit: 's',
            queries: [{ expr: byApp('forwarder_next_attempt_seconds'), legend: '{{app}}' }],
          }),
        ],
      },
      {
        title: 'What did not go well, and the disk',
        panels: [
          lines({
            title: 'Dead letters',
            what: 'Events that A8 refused for good and nobody has dealt with. Good: 0. Look at them with `scholar outbox list`.',
            unit: 'none',
            width: 8,
            queries: [
              {
                expr: `sum by (app, class) (forwarder_dead_letters{${OF_APP}})`,
                legend: '{{app}} {{class}}',
              },
            ],
          }),
          lines({
            title: 'Outbox, of its quota',
            what: 'At 100 % an application gets 507 and its user an error. Good: below the line of four fifths.',
            unit: 'percentunit',
            goal: { at: OUTBOX_GOAL_SHARE, bad: 'above' },
            width: 8,
            queries: [
              {
                expr: `max by (app) (forwarder_outbox_bytes{${OF_APP}} / forwarder_outbox_quota_bytes{${OF_APP}})`,
                legend: '{{app}}',
              },
            ],
          }),
          lines({
            title: 'Set aside, strange, missing',
            what: 'Damaged ranges of the log, files that are not ours, segments that are gone. Good: 0, always: else the disk or a hand changed our files.',
            unit: 'none',
            width: 8,
            queries: [
              { expr: `sum(forwarder_quarantined{${OF_APP}})`, legend: 'quarantined' },
              { expr: `sum(forwarder_orphan_files{${OF_APP}})`, legend: 'not ours' },
              { expr: `sum(forwarder_missing_segments{${OF_APP}})`, legend: 'missing' },
            ],
          }),
        ],
      },
    ],
  });
