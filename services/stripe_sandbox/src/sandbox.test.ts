import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadSettings, staticSecret } from '@scholar/runtime/config';
import { silentLogger } from '@scholar/runtime/log';
import { tempDir, waitFor } from '@scholar/runtime/testing';
import Stripe from 'stripe';
import { createSandbox } from './sandbox.ts';
import { SANDBOX_SETTINGS } from './settings.ts';
import { API_VERSION } from './stripe-objects.ts';

const SECRET = 'whsec_test_secret_of_the_sandbox';
const order = {
  mode: 'payment' as const,
  success_url: 'http://127.0.0.1:1/thanks?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://127.0.0.1:1/back',
  client_reference_id: 'order-1',
  metadata: { provider_id: 'p1' },
  payment_intent_data: { metadata: { provider_id: 'p1' } },
  line_items: [
    { quantity: 2, price_data: { currency: 'usd', unit_amount: 2450, product_data: { name: 'Listing' } } },
  ],
};

type Received = { event: Stripe.Event; body: string };
let receiver: Server;
let received: Received[] = [];
let answer = 200;
let dir: string;
let sandbox: ReturnType<typeof createSandbox>;
let stripe: Stripe;

async function startSandbox(): Promise<void> {
  const { port } = receiver.address() as AddressInfo;
  const settings = loadSettings(SANDBOX_SETTINGS, {
    SANDBOX_DIR: dir,
    PORT: '0',
    SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${port}/hook`,
    SANDBOX_RETRY_BASE: '20',
    SANDBOX_RETRY_CAP: '50',
  });
  sandbox = createSandbox({ settings, secret: staticSecret(SECRET), log: silentLogger() });
  await sandbox.start?.();
  stripe = client('sk_test_123');
}

function client(key: string): Stripe {
  return new Stripe(key, {
    host: '127.0.0.1',
    port: sandbox.port(),
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
  });
}

async function act(session: Stripe.Checkout.Session, action: string): Promise<Response> {
  return fetch(session.url ?? `http://127.0.0.1:${sandbox.port()}/pay/${session.id}`, {
    method: 'POST',
    body: new URLSearchParams({ action }),
    headers: { accept: 'text/html' },
    redirect: 'manual',
  });
}

beforeEach(async () => {
  received = [];
  answer = 200;
  dir = await tempDir('sandbox');
  receiver = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    req.on('end', () => {
      const signature = req.headers['stripe-signature'] ?? '';
      received.push({ event: Stripe.webhooks.constructEvent(body, signature, SECRET), body });
      res.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  await startSandbox();
});

afterEach(async () => {
  await sandbox.stop?.();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

test('the API version is the one that the SDK pins', () => {
  expect(API_VERSION).toBe(Stripe.API_VERSION);
});

test('a session is created by the real SDK, found again and listed', async () => {
  const session = await stripe.checkout.sessions.create({
    ...order,
    expand: ['payment_intent', 'line_items'],
  });
  expect(session).toMatchObject({
    amount_total: 4900,
    currency: 'usd',
    status: 'open',
    payment_status: 'unpaid',
  });
  expect(session.lastResponse.requestId).toMatch(/^req_/);
  expect(session.line_items?.data[0]).toMatchObject({ quantity: 2, amount_total: 4900 });
  const intent = session.payment_intent as Stripe.PaymentIntent;
  expect(intent).toMatchObject({
    amount: 4900,
    metadata: { provider_id: 'p1' },
    status: 'requires_payment_method',
  });
  expect((await stripe.checkout.sessions.retrieve(session.id)).payment_intent).toBe(intent.id);
  expect((await stripe.paymentIntents.retrieve(intent.id)).id).toBe(intent.id);
  expect((await stripe.checkout.sessions.list({ payment_intent: intent.id })).data).toHaveLength(1);
});

test('the payment page shows the amount, takes the payment and sends the payer back', async () => {
  const session = await stripe.checkout.sessions.create(order);
  const page = await fetch(session.url ?? '', { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('$49.00');
  expect(page.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:1");
  const paid = await act(session, 'pay');
  expect(paid.status).toBe(303);
  expect(paid.headers.get('location')).toBe(`http://127.0.0.1:1/thanks?session=${session.id}`);
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
  });
  const events = await waitFor(() => (received.length >= 2 ? received : undefined));
  const completed = events.find(({ event }) => event.type === 'checkout.session.completed');
  expect(completed?.event).toMatchObject({ api_version: API_VERSION, livemode: false });
  expect(completed?.event.data.object).toMatchObject({ id: session.id, payment_status: 'paid' });
});

test('a session cannot be paid twice, even by two payers at once', async () => {
  const session = await stripe.checkout.sessions.create(order);
  const answers = await Promise.all([act(session, 'pay'), act(session, 'pay'), act(session, 'pay')]);
  expect(answers.map((one) => one.status).sort()).toEqual([303, 409, 409]);
  const completed = await stripe.events.list({ types: ['checkout.session.completed'] });
  expect(completed.data).toHaveLength(1);
});

test('a bank debit completes the session unpaid and settles or fails later', async () => {
  const good = await stripe.checkout.sessions.create(order);
  const bad = await stripe.checkout.sessions.create(order);
  for (const session of [good, bad]) await act(session, 'pay_later');
  expect((await stripe.checkout.sessions.retrieve(good.id)).payment_status).toBe('unpaid');
  const page = (id: string) => ({ ...good, id, url: `http://127.0.0.1:${sandbox.port()}/pay/${id}` });
  await act(page(good.id), 'settle');
  await act(page(bad.id), 'fail');
  const types = (await stripe.events.list({ limit: 100 })).data.map((event) => event.type);
  expect(types.filter((type) => type.startsWith('checkout.session.async'))).toEqual([
    'checkout.session.async_payment_failed',
    'checkout.session.async_payment_succeeded',
  ]);
});

test('an endpoint that answers 500 gets the event again, signed anew, until it takes it', async () => {
  answer = 500;
  const session = await stripe.checkout.sessions.create(order);
  await act(session, 'pay');
  await waitFor(() => received.length >= 6);
  expect((await stripe.events.list({ delivery_success: false })).data.length).toBe(2);
  answer = 200;
  await waitFor(async () => (await stripe.events.list({ delivery_success: false })).data.length === 0);
  expect(
    (await stripe.events.list({ types: ['checkout.session.completed'] })).data[0]?.pending_webhooks,
  ).toBe(0);
});

test('a restart keeps sessions, endpoints and deliveries that are under way', async () => {
  answer = 500;
  const session = await stripe.checkout.sessions.create(order);
  await act(session, 'pay');
  await waitFor(() => received.length >= 2);
  await sandbox.stop?.();
  answer = 200;
  received = [];
  await startSandbox();
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' });
  await waitFor(() => received.some(({ event }) => event.type === 'checkout.session.completed'));
});

test('the same idempotency key gives the same session; with other parameters it is refused', async () => {
  const idempotencyKey = 'order-1-attempt-1';
  const first = await stripe.checkout.sessions.create(order, { idempotencyKey });
  const second = await stripe.checkout.sessions.create(order, { idempotencyKey });
  expect(second.id).toBe(first.id);
  const other = stripe.checkout.sessions.create({ ...order, client_reference_id: 'x' }, { idempotencyKey });
  await expect(other).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
});

test('errors arrive as the error classes of the SDK, with the parameter at fault', async () => {
  const unknown = stripe.checkout.sessions.create({ ...order, colour: 'red' } as never);
  await expect(unknown).rejects.toMatchObject({
    type: 'StripeInvalidRequestError',
    code: 'parameter_unknown',
    param: 'colour',
  });
  const missing = stripe.checkout.sessions.create({ mode: 'payment', success_url: 'http://x.example/' });
  await expect(missing).rejects.toMatchObject({ code: 'parameter_missing', param: 'line_items' });
  await expect(stripe.checkout.sessions.retrieve('cs_test_no')).rejects.toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
  });
  await expect(client('sk_live_123').balance.retrieve()).rejects.toBeInstanceOf(
    Stripe.errors.StripeAuthenticationError,
  );
  await expect(client('nonsense').balance.retrieve()).rejects.toMatchObject({ statusCode: 401 });
  await expect(stripe.customers.list()).rejects.toMatchObject({ statusCode: 404 });
  expect((await stripe.balance.retrieve()).livemode).toBe(false);
});

test('endpoints show their secret at creation only and get the events that they asked for', async () => {
  const { port } = receiver.address() as AddressInfo;
  const endpoint = await stripe.webhookEndpoints.create({
    url: `http://127.0.0.1:${port}/other`,
    enabled_events: ['checkout.session.expired'],
  });
  expect(endpoint.secret).toMatch(/^whsec_/);
  expect((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined();
  expect((await stripe.webhookEndpoints.list()).data).toHaveLength(2);
  const disabled = await stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
  expect(disabled.status).toBe('disabled');
  expect((await stripe.webhookEndpoints.del(endpoint.id)).deleted).toBe(true);
  expect((await stripe.webhookEndpoints.list()).data).toHaveLength(1);
});

test('an expired session says so in an event and takes no payment', async () => {
  const session = await stripe.checkout.sessions.create(order);
  expect((await stripe.checkout.sessions.expire(session.id)).status).toBe('expired');
  expect((await act(session, 'pay')).status).toBe(409);
  await waitFor(() => received.some(({ event }) => event.type === 'checkout.session.expired'));
});

test('lists are paged by the cursors of Stripe', async () => {
  for (let index = 0; index < 5; index += 1) await stripe.checkout.sessions.create(order);
  const seen: string[] = [];
  for await (const session of stripe.checkout.sessions.list({ limit: 2 })) seen.push(session.id);
  expect(new Set(seen).size).toBe(5);
});

test('the knobs send an event many times and the events of a checkout in the wrong order', async () => {
  const session = await stripe.checkout.sessions.create(order);
  await act(session, 'pay');
  await waitFor(async () => (await stripe.events.list({ delivery_success: true })).data.length === 2);
  received = [];
  const [completed] = (await stripe.events.list({ types: ['checkout.session.completed'] })).data;
  const send = (body: unknown, headers = {}) =>
    fetch(`http://127.0.0.1:${sandbox.port()}/sandbox/deliveries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  expect((await send({ event: completed?.id, duplicates: 3, disorder: true })).status).toBe(200);
  expect(received).toHaveLength(8);
  expect((await send({ event: completed?.id }, { origin: 'http://evil.example' })).status).toBe(403);
  expect((await send({ event: 'evt_none' })).status).toBe(404);
});
