import { createServiceHarness, type ServiceHarness, waitFor } from '@scholar/runtime/testing';
import type Stripe from 'stripe';
import { GIVEN_BACK } from '../payments/given-back.ts';
import { service } from '../service.ts';
import { type Sandbox, startSandbox } from '../testing/sandbox.ts';
import { deliverTo, SECRET, stripeEvent } from '../webhook/testing/signed-delivery.ts';

let sandbox: Sandbox;
let apiUrl: string;
let stripe: Stripe;
let a6: ServiceHarness;

beforeAll(async () => {
  // Without a webhook address: nothing that it says is ever delivered.
  sandbox = await startSandbox({ key: 'sk_test_books' });
  ({ apiUrl, stripe } = sandbox);
});
afterAll(() => sandbox.stop());
afterEach(() => a6.stop());

const start = async (env: Record<string, string>) => {
  a6 = await createServiceHarness(service, {
    env: {
      STRIPE_WEBHOOK_SECRET: SECRET,
      STRIPE_API_URL: apiUrl,
      STRIPE_RECONCILE_INTERVAL: '50',
      STRIPE_RECONCILE_GRACE: '0',
      ...env,
    },
  });
};

const running = async () => (await (await fetch(`${a6.opsUrl}/running`)).json()) as { findings?: string[] };

async function openSession(): Promise<string> {
  const { id } = await stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'http://127.0.0.1:1/ok',
    metadata: { provider_id: 'provider-unheard' },
    line_items: [
      { quantity: 1, price_data: { currency: 'eur', unit_amount: 777, product_data: { name: 'Listing' } } },
    ],
  });
  return id;
}

async function payUnheard(): Promise<string> {
  const id = await openSession();
  const body = new URLSearchParams({ action: 'pay' });
  await fetch(`${apiUrl}/pay/${id}`, { method: 'POST', body, redirect: 'manual' });
  return id;
}

const emittedOf = async (reference: string) =>
  (await a6.events()).filter(({ event }) => event.payload['reference'] === reference);

test('a payment whose webhook is lost for good is found in the books of Stripe, once, also when it is told after all', async () => {
  const id = await payUnheard();
  await start({ STRIPE_SECRET_KEY: 'sk_test_books' });
  const [found] = await waitFor(
    async () => {
      const emitted = await emittedOf(id);
      return emitted.length > 0 ? emitted : undefined;
    },
    { timeoutMs: 30_000 },
  );
  expect(found?.event).toMatchObject({
    event_type: 'PaymentSuccess',
    actor_id: 'provider-unheard',
    payload: { amount_cents: 777, currency: 'EUR' },
  });
  const late = stripeEvent({ session: { id, amount_total: 777, currency: 'eur' } });
  expect(await deliverTo(a6, late)).toMatchObject({ status: 200, body: { outcome: 'already_paid' } });
  expect(await emittedOf(id)).toHaveLength(1);
});

test('what is written down here and unknown at Stripe is a finding, and so is what is not paid there', async () => {
  await start({ STRIPE_SECRET_KEY: 'sk_test_books' });
  const open = await openSession();
  await deliverTo(a6, stripeEvent({ session: { id: 'cs_test_of_another_account' } }));
  await deliverTo(a6, stripeEvent({ session: { id: open, amount_total: 777, currency: 'eur' } }));
  const told = [
    /cs_test_of_another_account .* does not know its session/,
    new RegExp(`${open} .* was not paid`),
  ];
  await waitFor(
    async () => {
      const { findings = [] } = await running();
      return told.every((sentence) => findings.some((finding) => sentence.test(finding)));
    },
    { timeoutMs: 60_000, what: 'both differences being told' },
  );
  // Told, and left as they are.
  const { rows } = await a6.pool.query('SELECT 1 FROM payments WHERE session_id = ANY ($1)', [
    ['cs_test_of_another_account', open],
  ]);
  expect(rows).toHaveLength(2);
}, 200_000);

test('a refund whose webhook is lost for good is found in the books of Stripe, and so is its failure', async () => {
  const id = await payUnheard();
  await start({ STRIPE_SECRET_KEY: 'sk_test_books' });
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(id);
  const refund = await stripe.refunds.create({ payment_intent: String(intent), amount: 77 });
  const givenBack = async (cents: number) =>
    waitFor(
      async () => {
        const { rows } = await a6.pool.query<{ given_back: number }>(
          `SELECT ${GIVEN_BACK} AS given_back FROM payments p WHERE p.session_id = $1`,
          [id],
        );
        return rows[0]?.given_back === cents;
      },
      { timeoutMs: 60_000 },
    );
  await givenBack(77);
  // Also where the refund itself was told, and only its end was not.
  await deliverTo(a6, stripeEvent({ type: 'refund.created', session: { ...refund } }));
  await fetch(`${apiUrl}/sandbox/refunds/${refund.id}/fail`, { method: 'POST' });
  await givenBack(0);
  expect(await emittedOf(id)).toHaveLength(1);
}, 200_000);

test('with a key of the other mode the books stay closed, and /running says why', async () => {
  await payUnheard();
  await start({ STRIPE_SECRET_KEY: 'sk_live_books' });
  const running = await (await fetch(`${a6.opsUrl}/running`)).text();
  expect(running).toContain('STRIPE_SECRET_KEY is not a test key');
  expect(running).not.toContain('sk_live_books');
});
