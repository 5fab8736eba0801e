import { OUTBOX_MIGRATIONS } from '@scholar/runtime/outbox';
import { createServiceHarness, createTestDatabase, waitFor } from '@scholar/runtime/testing';
import { service } from './service.ts';

test('payments, refunds, payment pages and providers of canaries go after a day; real ones, and what Stripe has told, stay', async () => {
  const migrations = [OUTBOX_MIGRATIONS, new URL('../migrations', import.meta.url)];
  const database = await createTestDatabase({ migrations });
  try {
    await database.pool.query(`
      INSERT INTO stripe_events (id, type, livemode) SELECT 'evt_' || n, 'checkout.session.completed', false FROM generate_series(1, 3) AS n;
      INSERT INTO payments (session_id, amount_cents, currency, simulated, stripe_event_id, event_id, created_at) VALUES
        ('canary of old', 1, 'USD', true, 'evt_1', gen_random_uuid(), now() - interval '25 hours'),
        ('canary of today', 1, 'USD', true, 'evt_2', gen_random_uuid(), now() - interval '23 hours'),
        ('real', 1, 'USD', false, 'evt_3', gen_random_uuid(), now() - interval '400 days');
      INSERT INTO refunds (payment_intent, refunded_cents, currency, reported_at, simulated, stripe_event_id, created_at) VALUES
        ('canary of old', 1, 'USD', now(), true, 'evt_1', now() - interval '25 hours'),
        ('real', 1, 'USD', now(), false, 'evt_3', now() - interval '400 days');
      INSERT INTO checkout_attempts (session_id, provider_id, reference, simulated, created_at) VALUES
        ('canary of old', 'p', 'listing.p.1', true, now() - interval '25 hours'),
        ('real', 'p', 'listing.p.1', false, now() - interval '400 days');
      INSERT INTO providers (id, name, email, simulated, created_at) VALUES
        (gen_random_uuid(), 'canary of old', 'c@example.org', true, now() - interval '25 hours'),
        (gen_random_uuid(), 'real', 'r@example.org', false, now() - interval '400 days')`);
    const names = async (column: string, table: string): Promise<string[]> => {
      const { rows } = await database.pool.query<{ name: string }>(
        `SELECT ${column} AS name FROM ${table} ORDER BY 1`,
      );
      return rows.map(({ name }) => name);
    };
    const a6 = await createServiceHarness(service, { env: { DATABASE_URL: database.url } });
    try {
      await waitFor(async () => (await names('session_id', 'payments')).length === 2, { timeoutMs: 30_000 });
      await waitFor(async () => (await names('name', 'providers')).length === 1, { timeoutMs: 30_000 });
      await waitFor(async () => (await names('payment_intent', 'refunds')).length === 1, {
        timeoutMs: 30_000,
      });
      await waitFor(async () => (await names('session_id', 'checkout_attempts')).length === 1, {
        timeoutMs: 30_000,
      });
    } finally {
      await a6.stop();
    }
    expect(await names('session_id', 'payments')).toEqual(['canary of today', 'real']);
    expect(await names('name', 'providers')).toEqual(['real']);
    expect(await names('payment_intent', 'refunds')).toEqual(['real']);
    expect(await names('session_id', 'checkout_attempts')).toEqual(['real']);
    expect(await names('id', 'stripe_events')).toEqual(['evt_1', 'evt_2', 'evt_3']);
  } finally {
    await database.drop();
  }
});
