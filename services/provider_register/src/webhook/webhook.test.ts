import { canaryEventId, mintCanary } from '@scholar/contract';
import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { GIVEN_BACK } from '../payments/given-back.ts';
import { service } from '../service.ts';
import { type Delivery, deliverTo, OLD_SECRET, SECRET, stripeEvent } from './testing/signed-delivery.ts';

let a6: ServiceHarness;

async function start(env: Record<string, string> = {}): Promise<void> {
  a6 = await createServiceHarness(service, {
    env: { STRIPE_WEBHOOK_SECRET: `${SECRET},${OLD_SECRET}`, ...env },
  });
}
afterEach(() => a6.stop());

const deliver = (event: unknown, delivery?: Delivery) => deliverTo(a6, event, delivery);

const outcomes = async () =>
  (await a6.pool.query('SELECT outcome FROM stripe_events ORDER BY received_at')).rows.map(
    (row) => row.outcome,
  );

test('a paid session is one PaymentSuccess with amount, currency, provider and reference, and no personal data', async () => {
  await start();
  expect(await deliver(stripeEvent())).toMatchObject({
    status: 200,
    body: { received: true, outcome: 'payment_recorded' },
  });
  const events = await a6.events();
  expect(events).toHaveLength(1);
  expect(events[0]?.event).toMatchObject({
    event_type: 'PaymentSuccess',
    actor_id: 'provider-1',
    source: '/webhooks/stripe',
    payload: { amount_cents: 4900, currency: 'USD', provider_id: 'provider-1', reference: 'cs_test_one' },
  });
  expect(events[0]?.event.payload).not.toHaveProperty('simulated');
  const { rows } = await a6.pool.query('SELECT * FROM payments');
  expect(rows).toMatchObject([{ event_id: events[0]?.eventId, session_id: 'cs_test_one', simulated: false }]);
  expect(JSON.stringify([events, rows])).not.toContain('ada@');
});

test('the same webhook twenty times at once is one event, and every delivery is answered 200', async () => {
  await start();
  const event = stripeEvent();
  const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(event)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(answers.filter(({ body }) => body['duplicate'] === false)).toHaveLength(1);
  expect(await a6.events()).toHaveLength(1);
});

test('different events of one session, in any order and at once, are one payment', async () => {
  await start();
  const types = [
    'checkout.session.async_payment_succeeded',
    'checkout.session.completed',
    'checkout.session.completed',
  ];
  await Promise.all(types.map((type) => deliver(stripeEvent({ type }))));
  expect(await a6.events()).toHaveLength(1);
  expect((await outcomes()).sort()).toEqual(['already_paid', 'already_paid', 'payment_recorded']);
});

test('an unpaid session waits for the money; failure and expiry are written down', async () => {
  await start();
  const unpaid = { payment_status: 'unpaid' };
  await deliver(stripeEvent({ session: unpaid }));
  await deliver(stripeEvent({ type: 'checkout.session.async_payment_failed', session: unpaid }));
  await deliver(stripeEvent({ type: 'checkout.session.expired', session: { id: 'cs_test_two' } }));
  expect(await a6.events()).toEqual([]);
  await deliver(stripeEvent({ type: 'checkout.session.async_payment_succeeded' }));
  expect(await a6.events()).toHaveLength(1);
  expect(await outcomes()).toEqual([
    'awaiting_payment',
    'payment_failed',
    'session_expired',
    'payment_recorded',
  ]);
});

test('nothing to pay is a payment of nothing', async () => {
  await start();
  await deliver(
    stripeEvent({
      session: { amount_total: 0, payment_status: 'no_payment_required', payment_intent: null },
    }),
  );
  expect((await a6.events())[0]?.event.payload['amount_cents']).toBe(0);
});

test('unknown types and unreadable sessions are stored and answered 200', async () => {
  await start();
  expect((await deliver(stripeEvent({ type: 'customer.created' }))).status).toBe(200);
  expect((await deliver(stripeEvent({ session: { amount_total: null } }))).status).toBe(200);
  expect(await outcomes()).toEqual(['ignored', 'unreadable']);
});

test('a body that was parsed and written again is refused', async () => {
  await start();
  const event = stripeEvent();
  const answer = await deliver(event, { body: JSON.stringify(event) });
  expect(answer).toMatchObject({ status: 400, body: { code: 'bad_signature' } });
  expect(await outcomes()).toEqual([]);
});

test('a wrong, old, absent or broken signature is 400 with the reason and without the body', async () => {
  await start();
  const tooOld = Math.floor(Date.now() / 1000) - 301;
  expect((await deliver(stripeEvent(), { secret: 'whsec_wrong' })).body['detail']).toContain(
    'does not match',
  );
  expect((await deliver(stripeEvent(), { timestamp: tooOld })).body['detail']).toContain('older than 300');
  expect((await deliver(stripeEvent(), { signature: '' })).body['detail']).toContain('missing');
  const broken = await deliver(stripeEvent(), { signature: 'nonsense' });
  expect(broken).toMatchObject({ status: 400, body: { code: 'bad_signature' } });
  expect(JSON.stringify(broken)).not.toContain('cs_test_one');
});

test('a signature is good for 300 seconds and no longer', async () => {
  await start();
  const ago = (seconds: number) => ({ timestamp: Math.floor(Date.now() / 1000) - seconds });
  // Half a minute less: a busy machine may take some seconds to send it.
  expect((await deliver(stripeEvent(), ago(270))).status).toBe(200);
  expect((await deliver(stripeEvent(), ago(301))).status).toBe(400);
});

test('what is signed well but is no snapshot event is 400', async () => {
  await start();
  expect((await deliver({ object: 'v2.core.event', id: 'evt_2' })).body['detail']).toContain('thin');
  expect((await deliver({ hello: 'world' })).status).toBe(400);
  expect((await deliver('text')).status).toBe(400);
});

test('during a rotation the old secret is accepted beside the new one, and afterwards it is not', async () => {
  await start();
  expect((await deliver(stripeEvent(), { secret: OLD_SECRET })).status).toBe(200);
  expect((await deliver(stripeEvent(), { secret: SECRET })).status).toBe(200);
  await a6.stop();
  await start({ STRIPE_WEBHOOK_SECRET: SECRET });
  expect((await deliver(stripeEvent(), { secret: OLD_SECRET })).status).toBe(400);
});

test('without a secret the route is 503, /running names it, and the service stays ready', async () => {
  await start({ STRIPE_WEBHOOK_SECRET: '' });
  expect(await deliver(stripeEvent())).toMatchObject({
    status: 503,
    body: { code: 'webhook_secret_missing' },
  });
  const running = (await (await fetch(`${a6.opsUrl}/running`)).json()) as { missing: string[] };
  expect(running.missing).toContain('STRIPE_WEBHOOK_SECRET');
  expect(running.missing).not.toContain('STRIPE_SECRET_KEY');
  expect((await a6.fetch('/ready')).status).toBe(200);
});

test('a malformed secret is a finding that does not repeat it', async () => {
  await start({ STRIPE_WEBHOOK_SECRET: 'sk_test_in_the_wrong_place' });
  const running = await (await fetch(`${a6.opsUrl}/running`)).text();
  expect(running).toContain('STRIPE_WEBHOOK_SECRET is malformed');
  expect(running).not.toContain('wrong_place');
});

describe('live and test mode', () => {
  test('a live event outside production is refused and stored', async () => {
    await start();
    const answer = await deliver(stripeEvent({ livemode: true }));
    expect(answer).toMatchObject({ status: 422, body: { code: 'livemode_mismatch' } });
    expect(await outcomes()).toEqual(['livemode_mismatch']);
    expect(await a6.events()).toEqual([]);
  });

  test('an event that was refused for its mode is taken when the mode is right at its next delivery', async () => {
    await start();
    const event = stripeEvent({ livemode: true });
    await deliver(event);
    await deliver({ ...event, livemode: false });
    expect(await outcomes()).toEqual(['payment_recorded']);
  });

  test('a test event in production is refused, unless it carries a valid canary', async () => {
    await start({ ENVIRONMENT: 'production' });
    expect((await deliver(stripeEvent())).status).toBe(422);
    const canary = { 'x-scholar-canary': a6.canaryToken('probe-6') };
    expect(
      (await deliver(stripeEvent({ session: { id: 'cs_test_canary' } }), { headers: canary })).status,
    ).toBe(200);
    expect((await a6.events())[0]?.event.payload).toMatchObject({ simulated: true });
  });
});

test('a canary in header or metadata is simulated under the id that its prober knows', async () => {
  await start();
  const ids = ['probe-a', 'probe-b'];
  const [first = '', second = ''] = ids.map((id) => a6.canaryToken(id));
  await deliver(stripeEvent({ session: { id: 'cs_a' } }), { headers: { 'x-scholar-canary': first } });
  await deliver(stripeEvent({ session: { id: 'cs_b', metadata: { scholar_canary: second } } }));
  await deliver(stripeEvent({ session: { id: 'cs_c', metadata: { scholar_canary: 'probe-c.1.forged' } } }));
  const known = ids.map((canaryId) =>
    canaryEventId({ key: a6.canaryKey, canaryId, label: 'provider_register', eventType: 'PaymentSuccess' }),
  );
  const events = await a6.events();
  expect(events.map(({ eventId }) => eventId).slice(0, 2)).toEqual(known);
  expect(events.map(({ event }) => event.payload['simulated'])).toEqual([true, true, undefined]);
});

test('a canary that comes after its time is written down, and is never the payment of somebody', async () => {
  await start();
  const late = mintCanary(a6.canaryKey, { canaryId: 'probe-late', notAfterMs: Date.now() - 1_000 });
  const answer = await deliver(stripeEvent({ session: { metadata: { scholar_canary: late } } }));
  expect(answer).toMatchObject({ status: 200, body: { outcome: 'canary_late' } });
  await deliver(stripeEvent(), { headers: { 'x-scholar-canary': late } });
  expect(await outcomes()).toEqual(['canary_late', 'canary_late']);
  expect(await a6.events()).toEqual([]);
});

test('a refund is written down, also before its payment, and causes no event of its own', async () => {
  await start();
  const charge = { id: 'ch_one', object: 'charge', amount_refunded: 900, metadata: {} };
  await deliver(stripeEvent({ type: 'charge.refunded', session: charge }));
  await deliver(stripeEvent());
  const { rows } = await a6.pool.query(
    `SELECT refunded_cents::int, currency, simulated FROM refunds JOIN payments USING (payment_intent, currency, simulated)`,
  );
  expect(rows).toEqual([{ refunded_cents: 900, currency: 'USD', simulated: false }]);
  expect(await outcomes()).toEqual(['refund_recorded', 'payment_recorded']);
  expect(await a6.events()).toHaveLength(1);
});

test.each([
  ['refund.failed', 'failed', 0, 'refund_failed'],
  ['charge.refund.updated', 'failed', 0, 'refund_failed'],
  ['refund.updated', 'canceled', 0, 'refund_failed'],
  ['refund.updated', 'succeeded', 900, 'refund_noted'],
])(
  '%s with the status %s leaves %i given back, in whatever order it comes',
  async (type, status, left, outcome) => {
    await start();
    const charge = stripeEvent({
      type: 'charge.refunded',
      created: 1_800_000_000,
      session: { id: 'ch_one', object: 'charge', amount_refunded: 900 },
    });
    const refund = stripeEvent({
      type,
      created: 1_800_000_600,
      session: { id: 're_one', object: 'refund', amount: 900, status },
    });
    const events = [refund, stripeEvent(), charge, { ...refund, id: 'evt_again' }];
    const answers = await Promise.all(events.map((event) => deliver(event)));
    expect(answers.map(({ status: code }) => code)).toEqual([200, 200, 200, 200]);
    const { rows } = await a6.pool.query(`SELECT ${GIVEN_BACK}::int AS given_back FROM payments p`);
    expect(rows).toEqual([{ given_back: left }]);
    expect((await outcomes()).sort()).toEqual(
      ['payment_recorded', 'refund_recorded', outcome, outcome].sort(),
    );
    expect(await a6.events()).toHaveLength(1);
  },
);

test('a refund that comes after one that failed counts by the total of its own charge', async () => {
  await start();
  const [charge, refund] = [
    { id: 'ch_one', object: 'charge' },
    { id: 're_one', object: 'refund' },
  ];
  await deliver(stripeEvent());
  const at = 1_800_000_000;
  const first = { ...charge, amount_refunded: 900 };
  await deliver(stripeEvent({ type: 'charge.refunded', created: at, session: first }));
  const failed = { ...refund, amount: 900, status: 'failed' };
  await deliver(stripeEvent({ type: 'refund.failed', created: at + 60, session: failed }));
  const second = { ...charge, amount_refunded: 500 };
  await deliver(stripeEvent({ type: 'charge.refunded', created: at + 120, session: second }));
  const { rows } = await a6.pool.query(`SELECT ${GIVEN_BACK}::int AS given_back FROM payments p`);
  expect(rows).toEqual([{ given_back: 500 }]);
});

test.each([
  ['the effect', 'payments', 'amount_cents < 0'],
  ['the business event', 'outbox', 'false'],
  ["the outcome under the event's id", 'stripe_events', 'outcome IS NULL'],
])(
  'event id, effect and business event are one transaction: where %s cannot be stored none of them is, and the next delivery does the whole work',
  async (_what, table, impossible) => {
    await start();
    await a6.pool.query(`ALTER TABLE ${table} ADD CONSTRAINT broken CHECK (${impossible})`);
    const event = stripeEvent();
    expect((await deliver(event)).status).toBe(500);
    const left = await a6.pool.query('SELECT 1 FROM stripe_events UNION ALL SELECT 1 FROM payments');
    expect([left.rows, await a6.events()]).toEqual([[], []]);
    await a6.pool.query(`ALTER TABLE ${table} DROP CONSTRAINT broken`);
    expect(await deliver(event)).toMatchObject({ status: 200, body: { outcome: 'payment_recorded' } });
    expect(await a6.events()).toHaveLength(1);
  },
);
