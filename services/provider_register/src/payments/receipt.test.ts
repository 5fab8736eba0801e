import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from '../service.ts';
import { deliverTo, SECRET, stripeEvent } from '../webhook/testing/signed-delivery.ts';

let a6: ServiceHarness;
beforeAll(async () => {
  a6 = await createServiceHarness(service, { env: { STRIPE_WEBHOOK_SECRET: SECRET } });
});
afterAll(() => a6.stop());

const page = async (path: string) => (await a6.fetch(path, { headers: { accept: 'text/html' } })).text();

async function register(name: string): Promise<string> {
  const response = await a6.fetch('/providers', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email: 'office@receipts.example' }),
  });
  return ((await response.json()) as { provider_id: string }).provider_id;
}

test('a payment has a receipt with its order and what was given back, for its own provider alone', async () => {
  const [payer, other] = [await register('Harbour <Trust>'), await register('Somebody else')];
  const metadata = { provider_id: payer, reference: `listing.${payer}.1` };
  await deliverTo(a6, stripeEvent({ session: { metadata } }));
  await deliverTo(
    a6,
    stripeEvent({ type: 'charge.refunded', session: { id: 'ch_1', amount_refunded: 900 } }),
  );
  const path = `/providers/${payer}/payments/cs_test_one`;
  expect(await page(`/providers/${payer}`)).toContain(`href="${path}"`);
  expect(await page(`/providers/${payer}`)).toContain('$49.00, $9.00 given back');
  const receipt = await page(path);
  for (const text of ['Harbour &lt;Trust&gt;', '$49.00', '$9.00', metadata.reference, 'cs_test_one']) {
    expect(receipt).toContain(text);
  }
  expect(receipt).not.toContain('office@');
  expect(await (await a6.fetch(path)).json()).toMatchObject({ amount: '$49.00', refunded: '$9.00' });
  expect((await a6.fetch(`/providers/${other}/payments/cs_test_one`)).status).toBe(404);
});
