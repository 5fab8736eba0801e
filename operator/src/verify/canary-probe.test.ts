import {
  APP_LABELS,
  type AppLabel,
  canaryEventId,
  HEADER,
  isCanaryAddress,
  isUuidV4,
  verifyCanary,
} from '@scholar/contract';
import Stripe from 'stripe';
import { CANARY_LIFE_MS, type CanaryProbe, canaryProbe, OWN_EVENT } from './canary-probe.ts';

const NOW = Date.UTC(2026, 0, 1);
const keys = { canaryKey: 'c'.repeat(43), stripeWebhookSecret: 'whsec_test' };

function probed(label: AppLabel): CanaryProbe {
  return canaryProbe(
    { label, url: `http://${label}`, intake: 'http://127.0.0.1:1', ops: 'http://127.0.0.1:1' },
    keys,
    NOW,
  );
}

/** The canary id of a probe's token, as an app reads it out. */
function canaryIdOf({ token }: CanaryProbe): string {
  return verifyCanary(token, keys.canaryKey, NOW)?.canaryId ?? 'none';
}

test.each<[AppLabel, string, string, string]>([
  ['scholar_auth', 'POST', '/signup', 'NewUser'],
  ['scholarship_api', 'GET', '/scholarships?limit=1', 'PageView'],
  ['scholarship_agent', 'POST', '/matches', 'ScholarshipMatchResult'],
  ['scholarship_sage', 'POST', '/answers', 'SageAssist'],
  ['student_pilot', 'POST', '/matches', 'ScholarshipMatchRequested'],
  ['provider_register', 'POST', '/webhooks/stripe', 'PaymentSuccess'],
  ['auto_page_maker', 'POST', '/leads', 'NewLead'],
])("a canary of %s goes the app's own way: %s %s, which makes a %s", (label, method, path, eventType) => {
  const { question, eventType: made } = probed(label);
  expect([question?.method ?? 'GET', question?.url, made]).toEqual([
    method,
    `http://${label}${path}`,
    eventType,
  ]);
});

test.each(APP_LABELS)(
  'a canary of %s is known by its id before it is sent, and is good for five minutes alone',
  (label) => {
    const probe = probed(label);
    const canaryId = canaryIdOf(probe);
    const eventType = OWN_EVENT[label];
    expect(isUuidV4(probe.eventId)).toBe(true);
    expect(probe.eventId).toBe(canaryEventId({ key: keys.canaryKey, canaryId, label, eventType }));
    expect(probe.question?.headers?.[HEADER.canary]).toBe(probe.token);
    expect(verifyCanary(probe.token, keys.canaryKey, NOW + CANARY_LIFE_MS - 1)).toEqual({ canaryId });
    expect(verifyCanary(probe.token, keys.canaryKey, NOW + CANARY_LIFE_MS + 1)).toBeUndefined();
  },
);

test('two canaries of one app never share an id', () => {
  const ids = Array.from({ length: 50 }, () => probed('student_pilot').eventId);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(['scholar_auth', 'auto_page_maker'] as const)('a canary of %s names nobody', (label) => {
  const { email } = (probed(label).question?.json ?? {}) as { email: string };
  expect(isCanaryAddress(email)).toBe(true);
});

test("A6's canary is a paid checkout that Stripe's own library takes for signed, and for changed when it was", () => {
  const { question } = probed('provider_register');
  const { body = '', headers = {} } = question ?? {};
  const signature = headers['stripe-signature'] ?? '';
  const { webhooks } = new Stripe('sk_test_reading_only');
  const read = (text: string) =>
    webhooks.constructEvent(text, signature, keys.stripeWebhookSecret, 300, undefined, NOW);
  const event = read(body);
  expect([event.type, event.livemode]).toEqual(['checkout.session.completed', false]);
  expect(event.data.object).toMatchObject({ payment_status: 'paid', currency: 'usd' });
  expect(() => read(body.replace('4900', '4901'))).toThrow(/signature/u);
});

test("without A6's webhook secret there is no canary of A6, and it says why", () => {
  const address = {
    label: 'provider_register',
    url: 'http://a6',
    intake: 'http://127.0.0.1:1',
    ops: 'http://127.0.0.1:1',
  } as const;
  const { question, whyNot } = canaryProbe(address, { ...keys, stripeWebhookSecret: undefined }, NOW);
  expect([question, whyNot]).toEqual([undefined, 'there is no STRIPE_WEBHOOK_SECRET to sign a webhook with']);
});
