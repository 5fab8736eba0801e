import { loadSettings, staticSecret } from '@scholar/runtime/config';
import { silentLogger } from '@scholar/runtime/log';
import { tempDir } from '@scholar/runtime/testing';
import Stripe from 'stripe';
import { createSandbox } from '../sandbox.ts';
import { SANDBOX_SETTINGS } from '../settings.ts';

let dir: string;
let sandbox: ReturnType<typeof createSandbox>;
let stripe: Stripe;

async function start(): Promise<void> {
  const settings = loadSettings(SANDBOX_SETTINGS, { SANDBOX_DIR: dir, PORT: '0' });
  sandbox = createSandbox({ settings, secret: staticSecret('whsec_refunds'), log: silentLogger() });
  await sandbox.start?.();
  const address = { host: '127.0.0.1', port: sandbox.port(), protocol: 'http' as const };
  stripe = new Stripe('sk_test_refunds', { ...address, telemetry: false, maxNetworkRetries: 0 });
}

beforeAll(async () => {
  dir = await tempDir('refunds');
  await start();
});
afterAll(() => sandbox.stop?.());

async function paid(action = 'pay'): Promise<string> {
  const { id, payment_intent } = await stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'http://127.0.0.1:1/ok',
    payment_intent_data: { metadata: { provider_id: 'p1' } },
    line_items: [
      { quantity: 1, price_data: { currency: 'usd', unit_amount: 4900, product_data: { name: 'Listing' } } },
    ],
  });
  await fetch(`http://127.0.0.1:${sandbox.port()}/pay/${id}`, {
    method: 'POST',
    body: new URLSearchParams({ action }),
    redirect: 'manual',
  });
  return String(payment_intent);
}

/** The events about a payment, oldest first, with what they say of the money. */
async function told(intent: string): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 });
  return data.reverse().flatMap(({ type, data: { object } }) => {
    if (!('payment_intent' in object) || object.payment_intent !== intent) return [];
    if (object.object === 'charge') return [`${type} ${object.amount_refunded}`];
    return object.object === 'refund' ? [`${type} ${object.status}`] : [];
  });
}

const fail = (refund: string, headers = {}) =>
  fetch(`http://127.0.0.1:${sandbox.port()}/sandbox/refunds/${refund}/fail`, { method: 'POST', headers });

test('a part and then the rest is given back: each refund is told, and its charge with the whole amount', async () => {
  const intent = await paid();
  const part = await stripe.refunds.create({ payment_intent: intent, amount: 900 });
  expect(part).toMatchObject({ object: 'refund', amount: 900, payment_intent: intent, status: 'succeeded' });
  const rest = await stripe.refunds.create({ charge: String(part.charge) });
  expect(rest.amount).toBe(4000);
  expect(await told(intent)).toEqual([
    ...['refund.created succeeded', 'charge.refunded 900'],
    ...['refund.created succeeded', 'charge.refunded 4900'],
  ]);
  const charge = await stripe.charges.retrieve(String(part.charge));
  expect(charge).toMatchObject({ amount_refunded: 4900, refunded: true, metadata: { provider_id: 'p1' } });
  const listed = await stripe.refunds.list({ payment_intent: intent, expand: ['data.charge'] });
  expect(listed.data.map(({ id }) => id)).toEqual([rest.id, part.id]);
  expect((await stripe.refunds.retrieve(part.id)).amount).toBe(900);
  expect(listed.data[0]?.charge).toMatchObject({ id: charge.id, amount_refunded: 4900 });
});

test('more than is left, what is unpaid and what is unknown is refused as Stripe refuses it', async () => {
  const intent = await paid();
  const over = stripe.refunds.create({ payment_intent: intent, amount: 4901 });
  await expect(over).rejects.toMatchObject({ type: 'StripeInvalidRequestError', param: 'amount' });
  await stripe.refunds.create({ payment_intent: intent });
  const again = stripe.refunds.create({ payment_intent: intent });
  await expect(again).rejects.toMatchObject({ code: 'charge_already_refunded' });
  const unpaid = await paid('pay_later');
  await expect(stripe.refunds.create({ payment_intent: unpaid })).rejects.toMatchObject({ statusCode: 400 });
  await expect(stripe.refunds.create({ payment_intent: 'pi_none' })).rejects.toMatchObject({
    statusCode: 404,
  });
  await expect(stripe.refunds.create({})).rejects.toMatchObject({ statusCode: 400 });
});

test('a refund that fails gives its money back to the charge, once, also after a restart', async () => {
  const intent = await paid();
  const { id, charge } = await stripe.refunds.create({ payment_intent: intent, amount: 900 });
  expect((await fail(id, { origin: 'http://evil.example' })).status).toBe(403);
  expect((await fail(id)).status).toBe(200);
  await sandbox.stop?.();
  await start();
  expect((await fail(id)).status).toBe(409);
  expect((await stripe.charges.retrieve(String(charge))).amount_refunded).toBe(0);
  expect((await told(intent)).slice(-3)).toEqual([
    'refund.updated failed',
    'charge.refund.updated failed',
    'refund.failed failed',
  ]);
  expect((await stripe.refunds.create({ payment_intent: intent })).amount).toBe(4900);
});
