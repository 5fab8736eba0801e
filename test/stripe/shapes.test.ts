import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, waitFor } from '@scholar/runtime/testing';
import { stripeBooks } from '../../services/provider_register/src/reconcile/stripe-books.ts';
import { createStripeReader } from '../../services/provider_register/src/webhook/stripe-client.ts';
import {
  isSettled,
  paidSessionSchema,
  refundedChargeSchema,
  refundSchema,
} from '../../services/provider_register/src/webhook/stripe-event.ts';
import { sessionParams } from '../../services/scholarship_api/src/checkout/checkout-request.ts';
import { createStripeClient } from '../../services/scholarship_api/src/checkout/stripe-client.ts';
import { AN_ORDER } from '../../services/scholarship_api/src/checkout/testing/an-order.ts';
import { repositoryRoot } from '../harness/local-system.ts';

/**
 * Our requests and what we read of the answers, held to Stripe's own OpenAPI by Stripe's own stand-in. It keeps nothing
 * and answers fixtures; what becomes of a checkout is tested with our sandbox.
 */
const MOCK = join(repositoryRoot, '.tools', 'bin', 'stripe-mock');
const KEY = 'sk_test_shapes';
const suite = existsSync(MOCK) ? describe : describe.skip;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

let mock: ChildProcess;
let apiUrl: string;

suite('shapes by stripe-mock (skipped where `make stripe-mock-test` has not built it)', () => {
  beforeAll(async () => {
    const port = await freePort();
    apiUrl = `http://127.0.0.1:${port}`;
    mock = spawn(MOCK, ['-http-addr', `127.0.0.1:${port}`], { stdio: 'ignore' });
    const answers = () =>
      fetch(apiUrl).then(
        () => true,
        () => false,
      );
    await waitFor(answers, { timeoutMs: 30_000 });
  });
  afterAll(async () => {
    const gone = once(mock, 'exit');
    if (mock.kill('SIGKILL')) await gone;
  });

  const order = { ...AN_ORDER, canary: 'probe.1.mac' };

  test('what scholarship_api sends for an order is what Stripe takes', async () => {
    const { sessions } = createStripeClient({ key: KEY, apiUrl }).checkout;
    const session = await sessions.create(sessionParams(order), { idempotencyKey: 'attempt-1' });
    expect(session.object).toBe('checkout.session');
    // The stand-in does look: what Stripe does not know is refused.
    const odd = { ...sessionParams(order), client_reference: 'order-1' };
    await expect(sessions.create(odd)).rejects.toMatchObject({ statusCode: 400 });
  });

  test("what provider_register asks of Stripe's books is what Stripe answers", async () => {
    const books = stripeBooks(createStripeReader({ key: KEY, apiUrl }));
    const sessions = await all(books.completed(1_700_000_000));
    expect(
      sessions.map((session) => [typeof session.id, typeof session.livemode, isSettled(session)]),
    ).toEqual(sessions.map(() => ['string', 'boolean', expect.any(Boolean)]));
    expect(sessions.length).toBeGreaterThan(0);
    const events = await all(books.undelivered({ fromS: 1_700_000_000, untilS: 1_800_000_000 }));
    expect(events.length).toBeGreaterThan(0);
    expect(await books.session('cs_test_1')).toMatchObject({
      id: expect.any(String),
      livemode: expect.any(Boolean),
    });
    const [refund] = await all(books.refunds(1_700_000_000));
    expect(refund).toMatchObject({
      ...{ id: expect.any(String), amount: expect.any(Number), status: expect.any(String) },
      charge: { id: expect.any(String), amount_refunded: expect.any(Number) },
    });
  });

  test('what a provider is given back is asked of Stripe as Stripe takes it, and a refund has the fields that tell of it', async () => {
    const stripe = createStripeReader({ key: KEY, apiUrl });
    const made = await stripe.refunds.create({ payment_intent: 'pi_1', amount: 900 });
    const refund = { ...made, payment_intent: 'pi_1', status: 'failed' };
    expect(refundSchema.parse(refund)).toMatchObject({ id: made.id, amount: expect.any(Number) });
  });

  test('a session and a charge of Stripe have the fields that a payment and a refund are made of', async () => {
    const stripe = createStripeReader({ key: KEY, apiUrl });
    // The fixture is a session without an amount; everything else is as it comes.
    const session = {
      ...(await stripe.checkout.sessions.retrieve('cs_test_1')),
      amount_total: 4900,
      currency: 'usd',
    };
    expect(paidSessionSchema.parse(session)).toMatchObject({ id: session.id, amount_total: 4900 });
    const charge = { ...(await stripe.charges.retrieve('ch_1')), payment_intent: 'pi_1' };
    expect(refundedChargeSchema.parse(charge)).toMatchObject({ payment_intent: 'pi_1', amount_refunded: 0 });
  });

  test('a webhook endpoint of Stripe has the fields that the audit judges', async () => {
    const stripe = createStripeReader({ key: KEY, apiUrl });
    const [endpoint] = (await stripe.webhookEndpoints.list({ limit: 100 })).data;
    expect(endpoint).toMatchObject({
      url: expect.any(String),
      status: expect.any(String),
      enabled_events: expect.any(Array),
      livemode: expect.any(Boolean),
    });
    expect(endpoint).toHaveProperty('api_version');
  });
});
