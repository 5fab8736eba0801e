import { board } from './board.ts';
import { WRITE_GOAL_S } from './goals.ts';
import { figures, lines } from './panel.ts';
import { quantile, rate, rise } from './promql.ts';
import { HERE, namespace } from './variables.ts';
import { VERDICT_WORDS } from './verdict-words.ts';

const A2 = `${HERE}, app="scholarship_api"`;
const A6 = `${HERE}, app="provider_register"`;
const CHECKOUT = `${A2}, route="/checkout/sessions"`;
const WEBHOOK = `${A6}, route="/webhooks/stripe"`;
const PAYMENT = `${A6}, type="PaymentSuccess"`;

const ABOUT =
  ' About: Prometheus extends what it counted to the ends of the time shown, and a process that is killed takes with it what it counted since its last scrape.';

export const revenue = () =>
  board({
    uid: 'scholar-revenue',
    title: 'scholar / Revenue path',
    what: 'From a checkout (A2) over the webhook of Stripe (A6) to the row of the payment in A8, canaries included where it is not said otherwise.',
    variables: [namespace('http_requests_total')],
    rows: [
      {
        title: 'In the time shown',
        panels: [
          figures({
            title: '1 Checkouts begun (A2)',
            what: `Payment pages that scholarship_api got from Stripe. Good: follows the business. Not every one is paid.${ABOUT}`,
            unit: 'none',
            query: {
              expr: `round(sum(${rise('http_requests_total', `${CHECKOUT}, status=~"2.."`)}))`,
              legend: 'begun',
            },
          }),
          figures({
            title: '2 Webhooks taken (A6)',
            what: `Reports of Stripe with a good signature that are stored. Stripe sends several for a payment, and sends again what was not answered with 2xx. Good: at least the payments.${ABOUT}`,
            unit: 'none',
            query: {
              expr: `round(sum(${rise('http_requests_total', `${WEBHOOK}, status=~"2.."`)}))`,
              legend: 'taken',
            },
          }),
          figures({
            title: '3 PaymentSuccess rows (A8)',
            what: `New rows of payments, those of canaries not among them. Good: one for each payment that Stripe reports as paid.${ABOUT}`,
            unit: 'none',
            query: {
              expr: `round(sum(${rise('a8_events_total', `${PAYMENT}, result="new", canary="false"`)}))`,
              legend: 'rows',
            },
          }),
          figures({
            title: '4 Live: is A6 green?',
            what: 'A canary pays over the real webhook and its row is read back. Good: green.',
            unit: 'none',
            query: { expr: `max by (app) (a8_app_verdict{${A6}})`, legend: '{{app}}' },
            words: VERDICT_WORDS,
          }),
        ],
      },
      {
        title: 'Step by step',
        panels: [
          lines({
            title: 'Checkout, webhook, row',
            what: 'Good: rows follow webhooks within seconds. Webhooks without rows are money that nobody sees: look at the forwarder of A6.',
            unit: 'ops',
            queries: [
              {
                expr: `sum(${rate('http_requests_total', `${CHECKOUT}, status=~"2.."`)})`,
                legend: 'checkouts (A2)',
              },
              {
                expr: `sum(${rate('http_requests_total', `${WEBHOOK}, status=~"2.."`)})`,
                legend: 'webhooks (A6)',
              },
              { expr: `sum(${rate('a8_events_total', `${PAYMENT}, result="new"`)})`, legend: 'rows (A8)' },
            ],
          }),
          lines({
            title: 'Answers of the webhook',
            what: 'Good: 200 only. 400 is a wrong signature: the secret of the endpoint and that of A6 differ. 5xx: Stripe tries again for three days.',
            unit: 'ops',
            queries: [
              { expr: `sum by (status) (${rate('http_requests_total', WEBHOOK)})`, legend: '{{status}}' },
            ],
          }),
          lines({
            title: 'P95 of each step',
            what: 'The webhook includes the commit of the payment with its event. Good: each below 150 ms, but the checkout, which waits for Stripe.',
            unit: 's',
            goal: { at: WRITE_GOAL_S, bad: 'above' },
            queries: [
              { expr: quantile(0.95, 'http_request_duration_seconds', CHECKOUT), legend: 'checkout (A2)' },
              { expr: quantile(0.95, 'http_request_duration_seconds', WEBHOOK), legend: 'webhook (A6)' },
              { expr: quantile(0.95, 'emit_seconds', A6), legend: 'A6 to its forwarder' },
              { expr: quantile(0.95, 'forwarder_write_seconds', A6), legend: 'forwarder to receipt' },
            ],
          }),
          lines({
            title: 'Payments on their way',
            what: 'Committed in A6 and not yet rows in A8. Good: 0, but for moments; after an outage it has to come down.',
            unit: 'none',
            queries: [
              { expr: `sum(outbox_relay_waiting{${A6}})`, legend: 'in the outbox of A6' },
              { expr: `sum(outbox_relay_parked{${A6}})`, legend: 'parked: refused for good' },
              { expr: `sum(forwarder_queue_depth{${A6}})`, legend: 'in its forwarder' },
              { expr: `sum(forwarder_dead_letters{${A6}})`, legend: 'dead letters' },
            ],
          }),
          lines({
            title: 'Oldest payment on its way',
            what: 'Good: seconds at most. It is the figure to alert on.',
            unit: 's',
            queries: [
              { expr: `max(outbox_relay_oldest_seconds{${A6}})`, legend: 'in the outbox of A6' },
              { expr: `max(forwarder_oldest_age_seconds{${A6}})`, legend: 'in its forwarder' },
            ],
          }),
          lines({
            title: 'Watching live',
            what: 'Open live tails of A8, such as its dashboard. Good: as many as people look.',
            unit: 'none',
            queries: [{ expr: `sum(a8_stream_clients{${HERE}})`, legend: 'live tails' }],
          }),
        ],
      },
    ],
  });
