import { webhook } from './checks/webhook.ts';
import type { WebhookEndpointView } from './snapshot.ts';
import { appOf, healthySnapshot } from './testing/healthy-snapshot.ts';
import { NEEDED_EVENTS } from './webhook-endpoint.ts';

const A6 = 'https://a6.example';
const GOOD: WebhookEndpointView = {
  id: 'we_1',
  url: `${A6}/webhooks/stripe`,
  status: 'enabled',
  events: ['*'],
  livemode: false,
  apiVersion: '2026-10-28.endive',
  wantedApiVersion: '2026-10-28.endive',
};

/** What is found of an endpoint at the real Stripe, where A6 is reached at its public address. */
function findings(
  change: Partial<WebhookEndpointView>,
  environment: 'staging' | 'production' = 'staging',
  others: readonly WebhookEndpointView[] = [],
) {
  const snapshot = healthySnapshot();
  snapshot.environment = environment;
  snapshot.stripe = { real: true, error: undefined, endpoints: [{ ...GOOD, ...change }, ...others] };
  appOf(snapshot, 'provider_register').desired.settings['A6_PUBLIC_URL'] = A6;
  return webhook(snapshot).map(({ code, severity }) => `${code} ${severity}`);
}

test.each<[string, Partial<WebhookEndpointView>, string]>([
  ['url', { url: 'https://old.example/webhooks/stripe' }, 'webhook_endpoint_wrong critical'],
  ['path', { url: `${A6}/webhook` }, 'webhook_endpoint_wrong critical'],
  ['status', { status: 'disabled' }, 'webhook_endpoint_disabled critical'],
  ['events of payments', { events: ['charge.refunded'] }, 'webhook_events_missing critical'],
  ['api version', { apiVersion: '2024-06-20' }, 'webhook_api_version minor'],
  ['api version, which is the account’s', { apiVersion: null }, 'webhook_api_version minor'],
  ['mode', { livemode: true }, 'webhook_mode_wrong critical'],
])('the endpoint audit names a wrong %s, and nothing else', (_what, change, found) => {
  expect(findings(change)).toEqual([found]);
});

test('in production the mode is live, and each event type that is missing is told', () => {
  expect(findings({ livemode: true }, 'production')).toEqual([]);
  expect(findings({ livemode: false }, 'production')).toEqual(['webhook_mode_wrong critical']);
  const all = [...NEEDED_EVENTS];
  expect(findings({ events: all })).toEqual([]);
  for (const missing of all) {
    expect(findings({ events: all.filter((type) => type !== missing) })).toEqual([
      expect.stringContaining('webhook_events_missing'),
    ]);
  }
});

test('of two endpoints for the same address one that is as it should be is enough', () => {
  const old = { apiVersion: '2024-06-20', status: 'disabled' };
  expect(findings(old)).toHaveLength(2);
  expect(findings(old, 'staging', [{ ...GOOD, id: 'we_2' }])).toEqual([]);
  expect(findings(old, 'staging', [{ ...GOOD, id: 'we_2', status: 'disabled' }])).toHaveLength(1);
});
