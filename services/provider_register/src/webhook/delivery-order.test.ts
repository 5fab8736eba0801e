import { randomUUID } from 'node:crypto';
import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import fc from 'fast-check';
import { GIVEN_BACK } from '../payments/given-back.ts';
import { service } from '../service.ts';
import { deliverTo, SECRET, stripeEvent } from './testing/signed-delivery.ts';

let a6: ServiceHarness;
beforeAll(async () => {
  a6 = await createServiceHarness(service, { env: { STRIPE_WEBHOOK_SECRET: SECRET } });
});
afterAll(() => a6.stop());

/** What may become of a checkout: the events that Stripe makes of it, in their true order. */
const LIVES = {
  card: [{ type: 'checkout.session.completed', payment_status: 'paid' }],
  nothingToPay: [{ type: 'checkout.session.completed', payment_status: 'no_payment_required' }],
  debit: [
    { type: 'checkout.session.completed', payment_status: 'unpaid' },
    { type: 'checkout.session.async_payment_succeeded', payment_status: 'paid' },
  ],
  failedDebit: [
    { type: 'checkout.session.completed', payment_status: 'unpaid' },
    { type: 'checkout.session.async_payment_failed', payment_status: 'unpaid' },
  ],
  expired: [{ type: 'checkout.session.expired', payment_status: 'unpaid' }],
} as const;

const THREE_DAYS_AGO = Math.floor(Date.now() / 1000) - 3 * 86_400;

const isPaid = (life: keyof typeof LIVES) => life !== 'failedDebit' && life !== 'expired';

/** Refunds one after the other; of some the bank sends the money back before the next one. */
const refunds = fc.array(fc.record({ amount: fc.integer({ min: 1, max: 1600 }), fails: fc.boolean() }), {
  maxLength: 3,
});
type Refund = { amount: number; fails: boolean };

/** Deliveries in groups: those of a group at once, one group after the other. Each number is an event of the life. */
const deliveries = fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }), { maxLength: 5 });

test('whatever Stripe repeats, delays by three days or swaps: one PaymentSuccess of what is paid, none of what is not', async () => {
  const life = fc.constantFrom(...(Object.keys(LIVES) as (keyof typeof LIVES)[]));
  await fc.assert(fc.asyncProperty(life, refunds, fc.boolean(), deliveries, fc.boolean(), play), {
    numRuns: 60,
  });
});

/** Each refund with the total of its charge, and its failure. Stripe tells times in seconds, so all may have the same. */
function refundEvents(intent: string, given: readonly Refund[], inOneSecond: boolean) {
  let live = 0;
  return given.flatMap(({ amount, fails }, at) => {
    const created = THREE_DAYS_AGO + 100 + (inOneSecond ? 0 : 120 * at);
    const one = { id: `re_${intent}_${at}`, payment_intent: intent, amount, status: 'succeeded' };
    const charge = { id: `ch_${intent}`, payment_intent: intent, amount_refunded: live + amount };
    if (!fails) live += amount;
    return [
      stripeEvent({ type: 'refund.created', created, session: one }),
      stripeEvent({ type: 'charge.refunded', created, session: charge }),
      ...(fails
        ? [
            stripeEvent({
              type: 'refund.failed',
              created: created + (inOneSecond ? 0 : 60),
              session: { ...one, status: 'failed' },
            }),
          ]
        : []),
    ];
  });
}

/** Each event comes at least once (Stripe's promise), after all the repetitions or before them. */
async function play(
  life: keyof typeof LIVES,
  given: readonly Refund[],
  inOneSecond: boolean,
  groups: readonly (readonly number[])[],
  eachFirst: boolean,
): Promise<void> {
  const [id, intent] = [`cs_test_${randomUUID()}`, `pi_${randomUUID()}`];
  const events = [
    ...LIVES[life].map(({ type, payment_status }, at) =>
      stripeEvent({
        type,
        created: THREE_DAYS_AGO + at,
        session: { id, payment_intent: intent, payment_status },
      }),
    ),
    ...refundEvents(intent, isPaid(life) ? given : [], inOneSecond),
  ];
  const each = events.map((_, at) => [at]).reverse();
  for (const group of eachFirst ? [...each, ...groups] : [...groups, ...each]) {
    const answers = await Promise.all(group.map((at) => deliverTo(a6, events[at % events.length])));
    expect(answers.map(({ status }) => status)).toEqual(group.map(() => 200));
  }
  const { rows } = await a6.pool.query(
    `SELECT (SELECT count(*)::int FROM payments WHERE session_id = $1) AS paid,
            (SELECT ${GIVEN_BACK}::int FROM payments p WHERE payment_intent = $2) AS refunded,
            (SELECT count(*)::int FROM stripe_events WHERE id = ANY ($3) AND processed_at IS NOT NULL) AS settled`,
    [id, intent, events.map((event) => event.id)],
  );
  const once = isPaid(life) ? 1 : 0;
  const live = given.reduce((sum, { amount, fails }) => sum + (fails ? 0 : amount), 0);
  const refunded = isPaid(life) ? live : null;
  expect(rows).toEqual([{ paid: once, refunded, settled: events.length }]);
  const emitted = (await a6.events()).filter(({ event }) => event.payload['reference'] === id);
  expect(emitted.map(({ event }) => event.event_type)).toEqual(Array(once).fill('PaymentSuccess'));
}
