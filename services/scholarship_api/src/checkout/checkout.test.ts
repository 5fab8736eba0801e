import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createServiceHarness,
  type ServiceHarness,
  type StripeSandbox,
  startStripeSandbox,
  tempDir,
  waitFor,
} from '@scholar/runtime/testing';
import type Stripe from 'stripe';
import { service } from '../service.ts';
import { createStripeClient } from './stripe-client.ts';

const KEY = 'sk_test_1234';
const order = {
  purpose: 'listing',
  amount_cents: 4900,
  currency: 'USD',
  reference: 'listing.p1.1',
  provider_id: 'p1',
  success_url: 'http://127.0.0.1:1/ok?s={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://127.0.0.1:1/back',
};

let sandbox: StripeSandbox;
let a2: ServiceHarness;

beforeAll(async () => {
  sandbox = await startStripeSandbox();
});
afterAll(() => sandbox.stop());
afterEach(() => a2.stop());

async function start(env: Record<string, string> = {}): Promise<void> {
  a2 = await createServiceHarness(service, {
    env: { SAMPLE_DATA: 'false', STRIPE_API_URL: sandbox.apiUrl, STRIPE_SECRET_KEY: KEY, ...env },
  });
}

function stripe(): Stripe {
  return createStripeClient({ key: KEY, apiUrl: sandbox.apiUrl });
}

async function checkout(
  body: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, string> }> {
  const token = await a2.identity.serviceToken('provider_register');
  const response = await a2.fetch('/checkout/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const pay = (url: string | undefined, action = 'pay') =>
  fetch(url ?? '', { method: 'POST', body: new URLSearchParams({ action }), redirect: 'manual' });
const running = async () =>
  (await (await fetch(`${a2.opsUrl}/running`)).json()) as { missing: string[]; findings?: string[] };

test('an order becomes a Stripe session with references on session and payment intent, and nothing personal', async () => {
  await start();
  const { status, body } = await checkout(order);
  expect(status).toBe(201);
  const session = await stripe().checkout.sessions.retrieve(body['id'] ?? '', { expand: ['payment_intent'] });
  const metadata = { purpose: 'listing', reference: 'listing.p1.1', provider_id: 'p1' };
  expect(session).toMatchObject({
    amount_total: 4900,
    currency: 'usd',
    metadata,
    client_reference_id: session.metadata?.['order_id'],
  });
  expect((session.payment_intent as Stripe.PaymentIntent).metadata).toEqual(session.metadata);
  expect(body['url']).toBe(session.url);
});

test('the same order again, ten times at once, is the same session', async () => {
  await start();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => checkout({ ...order, reference: 'twice' })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
  expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
});

test('an expired session is followed by a new attempt, a paid one by nothing', async () => {
  await start();
  const first = await checkout({ ...order, reference: 'expiring' });
  await stripe().checkout.sessions.expire(first.body['id'] ?? '');
  const second = await checkout({ ...order, reference: 'expiring' });
  expect(second.status).toBe(201);
  expect(second.body['id']).not.toBe(first.body['id']);
  await pay(second.body['url']);
  expect(await checkout({ ...order, reference: 'expiring' })).toMatchObject({
    status: 409,
    body: { code: 'order_completed' },
  });
});

test('a bank debit that is under way is waited for; one that failed is followed by a new attempt with a new idempotency key', async () => {
  await start();
  const first = await checkout({ ...order, reference: 'debit' });
  await pay(first.body['url'], 'pay_later');
  expect(await checkout({ ...order, reference: 'debit' })).toMatchObject({
    status: 409,
    body: { code: 'order_pending' },
  });
  await pay(first.body['url'], 'fail');
  const second = await checkout({ ...order, reference: 'debit' });
  expect(second.status).toBe(201);
  expect(second.body['id']).not.toBe(first.body['id']);
  const { rows } = await a2.pool.query(
    `SELECT attempt, session_id FROM checkout_orders WHERE reference = 'debit'`,
  );
  expect(rows).toEqual([{ attempt: 2, session_id: second.body['id'] }]);
});

test('other terms under a taken reference are refused', async () => {
  await start();
  await checkout({ ...order, reference: 'terms' });
  const other = await checkout({ ...order, reference: 'terms', amount_cents: 100 });
  expect(other).toMatchObject({ status: 409, body: { code: 'order_conflict' } });
});

test('a valid canary token travels in the metadata, an invalid one does not', async () => {
  await start();
  const canary = a2.canaryToken('probe');
  const good = await checkout({ ...order, reference: 'canary', canary });
  const bad = await checkout({ ...order, reference: 'forged', canary: 'probe.1.x' });
  const metadataOf = async (id: string | undefined) =>
    (await stripe().checkout.sessions.retrieve(id ?? '')).metadata;
  expect((await metadataOf(good.body['id']))?.['scholar_canary']).toBe(canary);
  expect((await metadataOf(bad.body['id']))?.['scholar_canary']).toBeUndefined();
});

test('without a key the route says what to do, /running names it, and the service stays ready', async () => {
  await start({ STRIPE_SECRET_KEY: '' });
  const { status, body } = await checkout(order);
  expect(status).toBe(503);
  expect(body).toMatchObject({ code: 'stripe_not_configured' });
  expect(body['detail']).toContain('STRIPE_SECRET_KEY');
  expect((await running()).missing).toContain('STRIPE_SECRET_KEY');
  expect((await a2.fetch('/ready')).status).toBe(200);
  expect((await a2.fetch('/scholarships')).status).toBe(200);
});

test('the alias STRIPE_SECRET is as good', async () => {
  await start({ STRIPE_SECRET_KEY: '', STRIPE_SECRET: KEY });
  expect((await checkout({ ...order, reference: 'alias' })).status).toBe(201);
});

test.each(['sk_live_abc123', 'pk_test_abc123'])(
  'the key %s is refused here and is a finding',
  async (key) => {
    await start({ STRIPE_SECRET_KEY: key });
    expect(await checkout(order)).toMatchObject({ status: 503, body: { code: 'stripe_key_refused' } });
    expect((await running()).findings?.join()).toContain('STRIPE_SECRET_KEY is');
    expect((await a2.fetch('/ready')).status).toBe(200);
  },
);

test('a key that is put into its file works without a restart', async () => {
  const file = join(await tempDir('key'), 'STRIPE_SECRET_KEY');
  await writeFile(file, 'sk_live_wrong');
  await start({ STRIPE_SECRET_KEY: '', STRIPE_SECRET_KEY_FILE: file });
  expect((await checkout({ ...order, reference: 'file' })).status).toBe(503);
  await writeFile(file, `${KEY}\n`);
  await waitFor(async () => (await checkout({ ...order, reference: 'file' })).status === 201, {
    intervalMs: 200,
  });
});

test('a Stripe that is away is 503 with Retry-After', async () => {
  await start({ STRIPE_API_URL: 'http://127.0.0.1:9' });
  expect(await checkout({ ...order, reference: 'away' })).toMatchObject({
    status: 503,
    body: { code: 'stripe_unavailable' },
  });
});

test('providers pay for themselves, students and nobody do not', async () => {
  await start();
  const token = async (roles: string[]) => ({
    authorization: `Bearer ${await a2.identity.userToken({ subject: 'prov-9', roles })}`,
  });
  expect((await checkout(order, await token(['student']))).status).toBe(403);
  expect((await checkout(order, { authorization: '' })).status).toBe(401);
  const paid = await checkout(order, await token(['provider']));
  const session = await stripe().checkout.sessions.retrieve(paid.body['id'] ?? '');
  expect(session.metadata?.['provider_id']).toBe('prov-9');
});
