import { FakeClock } from '@scholar/runtime/clock';
import { silentLogger } from '@scholar/runtime/log';
import type { StripeEvent } from '../webhook/stripe-event.ts';
import type { SessionHere } from './differences.ts';
import { createReconciler } from './reconciler.ts';

const MINUTE = 60_000;
const paid = { id: 'cs_paid', amount_total: 4900, currency: 'usd', payment_status: 'paid', livemode: false };
const OURS: SessionHere = { amountCents: 4900, currency: 'USD', livemode: false };
const DAY_S = 86_400;

let clock: FakeClock;
let sessions: (typeof paid)[];
let undelivered: object[];
let here: Map<string, SessionHere>;
/** Payments here, as ids; and what Stripe answers when it is asked for one session. */
let recorded: string[];
let single: Map<string, typeof paid>;
let asked: string[];
let away: boolean;
let refunds: object[];
let givenBack: Map<string, number>;
let received: StripeEvent[];
let windows: number[];
let reconciler: ReturnType<typeof createReconciler>;

async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

beforeEach(() => {
  clock = new FakeClock(100 * DAY_S * 1000);
  [sessions, undelivered, received, windows] = [[], [], [], []];
  [recorded, asked, refunds] = [[], [], []];
  away = false;
  [here, single, givenBack] = [new Map(), new Map(), new Map()];
  reconciler = createReconciler({
    books: () => ({
      undelivered: ({ fromS }) => {
        if (away) throw new Error('Stripe refuses the key');
        windows.push(Math.round((clock.now() / 1000 - fromS) / DAY_S));
        return listed(undelivered);
      },
      completed: () => listed(sessions),
      session: async (id) => {
        asked.push(id);
        return single.get(id);
      },
      refunds: () => listed(refunds),
    }),
    own: {
      known: async (ids) => new Map([...here].filter(([id]) => ids.includes(id))),
      recorded: async () => recorded,
      givenBack: async (intents) => new Map([...givenBack].filter(([id]) => intents.includes(id))),
      receive: async (event) => {
        if (received.some(({ id }) => id === event.id)) return { duplicate: true };
        received.push(event);
        here.set(event.data.object.id ?? '', OURS);
        return { duplicate: false, outcome: 'payment_recorded' };
      },
    },
    clock,
    random: () => 0.5,
    log: silentLogger(),
    intervalMs: 15 * MINUTE,
    graceMs: 5 * MINUTE,
  });
  reconciler.start();
});
afterEach(() => reconciler.stop());

/** One look; the first one comes an interval after the start. */
const look = () => clock.advance(15 * MINUTE);

test('a paid session that is missing twice is taken as if its webhook came, told once, and then agrees', async () => {
  sessions = [paid, { ...paid, id: 'cs_unpaid', payment_status: 'unpaid' }];
  await look();
  // Its webhook may be under way.
  expect(received).toEqual([]);
  await look();
  expect(received).toMatchObject([{ id: 'reconciled_cs_paid', data: { object: paid } }]);
  expect(reconciler.findings()).toEqual([expect.stringContaining('cs_paid was paid and no webhook told it')]);
  await look();
  expect(reconciler.findings()).toEqual([]);
  expect(received).toHaveLength(1);
});

test('a webhook that arrives between two looks is no difference', async () => {
  sessions = [paid];
  await look();
  here.set(paid.id, OURS);
  await look();
  expect(reconciler.findings()).toEqual([]);
  expect(received).toEqual([]);
});

test('an event that Stripe could not deliver is taken; one that was taken before is no difference', async () => {
  const event = {
    id: 'evt_1',
    object: 'event',
    type: 'charge.refunded',
    livemode: false,
    data: { object: {} },
  };
  undelivered = [event, { nonsense: true }];
  await look();
  expect(received).toMatchObject([{ id: 'evt_1' }]);
  expect(reconciler.findings()).toEqual([expect.stringContaining('charge.refunded (evt_1)')]);
  await look();
  expect(reconciler.findings()).toEqual([]);
  // As far back as Stripe keeps events, and later as long as it repeats them.
  expect(windows).toEqual([30, 4]);
});

test.each([
  ['another amount', { ...OURS, amountCents: 100 }, 1],
  ['another currency', { ...OURS, currency: 'EUR' }, 1],
  ['the other mode', { ...OURS, livemode: true }, 1],
  [
    'a canary whose payment has gone',
    { amountCents: undefined, currency: undefined, livemode: undefined },
    0,
  ],
])('%s at Stripe: told without repairing anything', async (_name, row, told) => {
  sessions = [paid];
  here.set(paid.id, row);
  await look();
  expect(reconciler.findings()).toHaveLength(told);
  expect(received).toEqual([]);
});

test('a Stripe that cannot be asked is told after the third look that fails, until one succeeds', async () => {
  away = true;
  await look();
  // A look that failed is repeated within seconds.
  await clock.advance(60_000);
  expect(reconciler.findings()).toEqual([expect.stringContaining('could not be compared')]);
  away = false;
  await look();
  expect(reconciler.findings()).toEqual([]);
});

test('of many differences the first twenty are told, and how many more there are', async () => {
  sessions = Array.from({ length: 250 }, (_, at) => ({ ...paid, id: `cs_${at}` }));
  for (const { id } of sessions) here.set(id, { ...OURS, amountCents: 1 });
  await look();
  expect(reconciler.findings()).toHaveLength(21);
  expect(reconciler.findings().at(-1)).toBe('230 more differences between Stripe and the payments here');
});

describe('what is written down here and is not among the paid sessions of Stripe', () => {
  test.each([
    ['unknown', undefined, 'does not know its session'],
    ['unpaid', { ...paid, payment_status: 'unpaid' }, 'says that it was not paid'],
    ['of another amount', { ...paid, amount_total: 1 }, 'another amount or currency'],
    ['of the other mode', { ...paid, livemode: true }, 'of the other mode'],
  ])('%s at Stripe: a finding, and nothing is changed', async (_name, atStripe, words) => {
    recorded = [paid.id];
    here.set(paid.id, OURS);
    if (atStripe !== undefined) single.set(paid.id, atStripe);
    await look();
    expect(reconciler.findings()).toEqual([expect.stringContaining(words)]);
    expect(reconciler.findings()[0]).toContain(paid.id);
    expect(received).toEqual([]);
  });

  test('paid there as here, only older than the list: nothing', async () => {
    recorded = [paid.id];
    here.set(paid.id, OURS);
    single.set(paid.id, paid);
    await look();
    expect([reconciler.findings(), asked]).toEqual([[], [paid.id]]);
  });

  test('those that the list had are not asked for again, and of many others a hundred at a look; the rest is told', async () => {
    sessions = [paid];
    here.set(paid.id, OURS);
    const others = Array.from({ length: 130 }, (_, at) => ({ ...paid, id: `cs_old_${at}` }));
    for (const one of others) {
      here.set(one.id, OURS);
      single.set(one.id, one);
    }
    recorded = [paid.id, ...others.map(({ id }) => id)];
    await look();
    expect(asked).toHaveLength(100);
    expect(asked).not.toContain(paid.id);
    expect(reconciler.findings()).toEqual([expect.stringContaining('30 payments')]);
  });
});

describe('refunds', () => {
  const charge = {
    ...{ id: 'ch_1', payment_intent: 'pi_1', amount_refunded: 900, currency: 'usd', livemode: false },
  };
  const one = {
    ...{ id: 're_1', payment_intent: 'pi_1', amount: 900, currency: 'usd', status: 'succeeded', charge },
  };

  test('an amount that no webhook told is taken from Stripe after the grace, told, and then agrees', async () => {
    refunds = [one, { ...one, id: 're_2', status: 'failed' }, { ...one, charge: null }];
    givenBack.set('pi_1', 0);
    await look();
    expect([reconciler.findings(), received]).toEqual([[], []]);
    await look();
    expect(received.map(({ type, data }) => [type, data.object.id])).toEqual([
      ['refund.updated', 're_1'],
      ['refund.updated', 're_2'],
      ['charge.refunded', 'ch_1'],
    ]);
    expect(reconciler.findings()).toEqual([expect.stringContaining('another amount of ch_1')]);
    givenBack.set('pi_1', 900);
    await look();
    expect(reconciler.findings()).toEqual([]);
    expect(received).toHaveLength(3);
  });

  test("those of payments that are not here are somebody else's", async () => {
    refunds = [one];
    await look();
    await look();
    expect([reconciler.findings(), received]).toEqual([[], []]);
  });
});
