import { systemClock } from '@scholar/runtime/clock';
import { silentLogger } from '@scholar/runtime/log';
import { type ServiceHarness, waitFor } from '@scholar/runtime/testing';
import type Stripe from 'stripe';
import { type PaymentSystem, startPaymentSystem } from './testing/payment-system.ts';
import { createPoller } from './webhook/poll-events.ts';
import type { StripeEvent } from './webhook/stripe-event.ts';
import { listStripeEvents } from './webhook/stripe-events.ts';

let system: PaymentSystem;
let a6: ServiceHarness;
let apiUrl: string;
let stripe: Stripe;

beforeAll(async () => {
  system = await startPaymentSystem();
  ({ a6, apiUrl, stripe } = system);
}, 180_000);
afterAll(() => system?.stop());

async function openSession(metadata: Record<string, string>): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'http://127.0.0.1:1/ok',
    metadata,
    line_items: [
      { quantity: 1, price_data: { currency: 'eur', unit_amount: 1234, product_data: { name: 'Listing' } } },
    ],
  });
}

async function pay(session: Stripe.Checkout.Session): Promise<void> {
  const body = new URLSearchParams({ action: 'pay' });
  await fetch(`${apiUrl}/pay/${session.id}`, { method: 'POST', body, redirect: 'manual' });
}

const paymentsOf = async (session: string) =>
  (await a6.events()).filter(({ event }) => event.payload['reference'] === session);

test('what is paid in the sandbox arrives once, whatever is sent again and in whatever order', async () => {
  const session = await openSession({ provider_id: 'provider-flow' });
  await pay(session);
  await waitFor(async () => (await stripe.events.list({ delivery_success: false })).data.length === 0);
  const [completed] = (await stripe.events.list({ types: ['checkout.session.completed'] })).data;
  const resent = await fetch(`${apiUrl}/sandbox/deliveries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event: completed?.id, duplicates: 10, disorder: true }),
  });
  const { attempts } = (await resent.json()) as { attempts: { answer: number }[] };
  expect(attempts).toHaveLength(22);
  expect(new Set(attempts.map(({ answer }) => answer))).toEqual(new Set([200]));
  const payments = await paymentsOf(session.id);
  expect(payments).toHaveLength(1);
  expect(payments[0]?.event).toMatchObject({
    actor_id: 'provider-flow',
    payload: { amount_cents: 1234, currency: 'EUR', provider_id: 'provider-flow' },
  });
  // Sandbox money is real business in staging: only a canary is simulated.
  expect(payments[0]?.event.payload).not.toHaveProperty('simulated');
});

test('a canary in the metadata comes through Stripe as a simulation', async () => {
  const session = await openSession({ scholar_canary: a6.canaryToken('flow') });
  await pay(session);
  const payments = await waitFor(async () => {
    const found = await paymentsOf(session.id);
    return found.length > 0 ? found : undefined;
  });
  expect(payments[0]?.event.payload).toMatchObject({ simulated: true });
});

test('a provider registers, is led through scholarship_api to the payment page, pays, and sees the payment', async () => {
  const registered = await a6.fetch('/providers', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Flow Fund', email: 'office@flow.example' }),
  });
  const page = registered.headers.get('location') ?? '';
  const browser = { method: 'POST', headers: { accept: 'text/html' } };
  const toPay = await a6.fetch(`${page}/checkout`, browser);
  expect(toPay.status).toBe(303);
  const again = await a6.fetch(`${page}/checkout`, browser);
  expect(again.headers.get('location')).toBe(toPay.headers.get('location'));
  const paymentPage = toPay.headers.get('location') ?? '';
  const paid = await fetch(paymentPage, {
    ...browser,
    body: new URLSearchParams({ action: 'pay' }),
    redirect: 'manual',
  });
  expect(paid.headers.get('location')).toBe(`${a6.url}${page}?checkout=success`);
  const seen = async () =>
    (await a6.fetch(`${page}?checkout=success`, { headers: { accept: 'text/html' } })).text();
  await waitFor(async () => (await seen()).includes('Your payment has arrived'));
  const [event] = await paymentsOf(paymentPage.split('/').at(-1) ?? '');
  expect(event?.event).toMatchObject({
    actor_id: page.split('/').at(-1),
    payload: { amount_cents: 4900, currency: 'USD' },
  });
});

test('polling reads through the SDK what no webhook brought', async () => {
  const [endpoint] = (await stripe.webhookEndpoints.list()).data;
  await stripe.webhookEndpoints.update(endpoint?.id ?? '', { disabled: true });
  const session = await openSession({ provider_id: 'provider-poll' });
  await pay(session);
  const seen: StripeEvent[] = [];
  const poller = createPoller({
    list: listStripeEvents({ key: () => 'sk_test_flow', apiUrl }),
    receive: async (event) => seen.push(event),
    clock: systemClock,
    random: Math.random,
    log: silentLogger(),
    intervalMs: 10_000,
  });
  poller.start();
  await waitFor(() => seen.some(({ data }) => data.object.id === session.id));
  await poller.stop();
  expect(new Set(seen.map(({ type }) => type))).toEqual(new Set(['checkout.session.completed']));
});
