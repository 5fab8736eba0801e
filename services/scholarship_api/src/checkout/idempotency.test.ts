import {
  createHttpStub,
  createServiceHarness,
  type HttpStub,
  type ServiceHarness,
} from '@scholar/runtime/testing';
import { service } from '../service.ts';

let stripe: HttpStub;
let a2: ServiceHarness;
/** What Stripe does with the next creations of a session; afterwards it makes one. */
let failures: number;
let sessionStatus: string;

beforeAll(async () => {
  let made = 0;
  stripe = await createHttpStub(({ method, path }) => {
    if (method === 'POST' && failures > 0) {
      failures -= 1;
      return { status: 500, body: { error: { type: 'api_error', message: 'try again' } } };
    }
    if (method === 'POST') made += 1;
    const id = method === 'POST' ? `cs_test_${made}` : (path.split('/').at(-1)?.split('?')[0] ?? '');
    const status = method === 'POST' ? 'open' : sessionStatus;
    const url = status === 'open' ? `https://checkout.stripe.com/c/pay/${id}` : null;
    return { status: 200, body: { id, object: 'checkout.session', status, payment_status: 'unpaid', url } };
  });
  a2 = await createServiceHarness(service, {
    env: { SAMPLE_DATA: 'false', STRIPE_API_URL: stripe.url, STRIPE_SECRET_KEY: 'sk_test_idempotency' },
  });
});
afterAll(async () => {
  await a2.stop();
  await stripe.close();
});

async function ask(): Promise<number> {
  const response = await a2.fetch('/checkout/sessions', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await a2.identity.serviceToken('provider_register')}`,
    },
    body: JSON.stringify({
      ...{ purpose: 'listing', amount_cents: 4900, currency: 'USD', reference: 'listing.p1.1' },
      ...{ success_url: 'http://127.0.0.1:1/ok', cancel_url: 'http://127.0.0.1:1/back' },
    }),
  });
  return response.status;
}

test('each attempt of an order reaches Stripe under an idempotency key of its own, and repetitions of it under the same with the same body', async () => {
  // The SDK itself tries three times, then the provider does.
  failures = 3;
  sessionStatus = 'open';
  expect(await ask()).toBe(503);
  expect(await ask()).toBe(201);
  const creations = () => stripe.requests.filter(({ method }) => method === 'POST');
  const keys = () => creations().map(({ headers }) => headers['idempotency-key']);
  expect(creations()).toHaveLength(4);
  expect(new Set(keys()).size).toBe(1);
  expect(keys()[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(creations().map(({ body }) => body)).size).toBe(1);

  sessionStatus = 'expired';
  expect(await ask()).toBe(201);
  expect(creations()).toHaveLength(5);
  expect(new Set(keys()).size).toBe(2);
  expect(keys().at(-1)).not.toBe(keys()[0]);
});
