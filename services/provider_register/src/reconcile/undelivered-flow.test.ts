import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServiceHarness, freePort, tempDir, waitFor } from '@scholar/runtime/testing';
import { service } from '../service.ts';
import { type Sandbox, startSandbox } from '../testing/sandbox.ts';

const SECRET = 'whsec_the_right_one';
const KEY = 'sk_test_undelivered';
const PATIENCE = { timeoutMs: 120_000 };

test('events that Stripe could not deliver are replayed exactly once, also when Stripe delivers them after all', async () => {
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const a6 = await createServiceHarness(service, {
    env: {
      ...{ STRIPE_WEBHOOK_SECRET: SECRET, STRIPE_API_URL: apiUrl, STRIPE_SECRET_KEY: KEY },
      // With a grace of its own, what is missing is always among the undelivered events before it is among the sessions.
      ...{ STRIPE_RECONCILE_INTERVAL: '50', STRIPE_RECONCILE_GRACE: '500' },
    },
  });
  // What Stripe signs with is not what this service knows: every delivery is answered 400.
  const secretFile = join(await tempDir('secret'), 'SANDBOX_WEBHOOK_SECRET');
  await writeFile(secretFile, 'whsec_the_wrong_one');
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await startSandbox({
      ...{ key: KEY, port },
      env: {
        ...{ SANDBOX_WEBHOOK_URL: `${a6.url}/webhooks/stripe`, SANDBOX_WEBHOOK_SECRET_FILE: secretFile },
        ...{ SANDBOX_RETRY_BASE: '50', SANDBOX_RETRY_CAP: '200' },
      },
    });
    const { stripe } = sandbox;
    const { id, payment_intent: intent } = await stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'http://127.0.0.1:1/ok',
      line_items: [
        { quantity: 1, price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'Listing' } } },
      ],
    });
    const body = new URLSearchParams({ action: 'pay' });
    await fetch(`${apiUrl}/pay/${id}`, { method: 'POST', body, redirect: 'manual' });
    await stripe.refunds.create({ payment_intent: String(intent), amount: 100 });

    const taken = async () => {
      const { rows } = await a6.pool.query<{ id: string; outcome: string }>(
        `SELECT id, outcome FROM stripe_events WHERE type IN ('checkout.session.completed', 'charge.refunded') ORDER BY type`,
      );
      return rows;
    };
    const replayed = await waitFor(async () => {
      const rows = await taken();
      return rows.length === 2 ? rows : undefined;
    }, PATIENCE);
    expect(replayed.map(({ outcome }) => outcome)).toEqual(['refund_recorded', 'payment_recorded']);
    // Stripe's own ids: what it delivers later is known by them.
    for (const row of replayed) expect(row.id).toMatch(/^evt_/);
    const undelivered = () => stripe.events.list({ delivery_success: false });
    expect((await undelivered()).data.length).toBeGreaterThan(0);

    await writeFile(secretFile, SECRET);
    await waitFor(async () => (await undelivered()).data.length === 0, PATIENCE);
    expect(await taken()).toEqual(replayed);
    const emitted = (await a6.events()).filter(({ event }) => event.event_type === 'PaymentSuccess');
    expect(emitted.map(({ event }) => event.payload['reference'])).toEqual([id]);
  } finally {
    await sandbox?.stop();
    await a6.stop();
  }
}, 400_000);
