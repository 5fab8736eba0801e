import { OUTBOX_MIGRATIONS } from '@scholar/runtime/outbox';
import { createHttpStub, createServiceHarness, createTestDatabase } from '@scholar/runtime/testing';
import { service } from '../service.ts';
import { deliverTo, SECRET, stripeEvent } from '../webhook/testing/signed-delivery.ts';

test('an order keeps the price with which it was begun; the next order has the new one', async () => {
  let pages = 0;
  const a2 = await createHttpStub(() => {
    pages += 1;
    return {
      status: 201,
      body: { id: `cs_test_${pages}`, url: `https://checkout.stripe.com/c/pay/${pages}` },
    };
  });
  const migrations = [OUTBOX_MIGRATIONS, new URL('../../migrations', import.meta.url)];
  const database = await createTestDatabase({ migrations });
  const start = (price: string) =>
    createServiceHarness(service, {
      env: {
        ...{ DATABASE_URL: database.url, A2_URL: a2.url, STRIPE_WEBHOOK_SECRET: SECRET },
        LISTING_PRICE_CENTS: price,
      },
    });
  let a6 = await start('4900');
  try {
    const registered = await a6.fetch('/providers', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Harbour Trust', email: 'office@harbour.example' }),
    });
    const own = registered.headers.get('location') ?? '';
    const id = own.split('/').at(-1);
    const asked = async () => {
      const answer = await a6.fetch(`${own}/checkout`, { method: 'POST' });
      const { amount_cents, reference } = JSON.parse(a2.requests.at(-1)?.body ?? '{}');
      return [answer.status, amount_cents, reference];
    };
    expect(await asked()).toEqual([201, 4900, `listing.${id}.1`]);
    await a6.stop();
    a6 = await start('5900');
    expect(await asked()).toEqual([201, 4900, `listing.${id}.1`]);
    const metadata = { provider_id: id, reference: `listing.${id}.1` };
    await deliverTo(a6, stripeEvent({ session: { id: 'cs_test_1', metadata } }));
    expect(await asked()).toEqual([201, 5900, `listing.${id}.2`]);
  } finally {
    await a6.stop();
    await a2.close();
    await database.drop();
  }
});
