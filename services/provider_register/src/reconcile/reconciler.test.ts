import { FakeClock } from '@scholar/runtime/clock';
import { silentLogger } from '@scholar/runtime/log';
import type { StripeEvent } from '../webhook/stripe-event.ts';
import type { SessionHere } from './differences.ts';
import { createReconciler } from './reconciler.ts';

const MINUTE = 60_000;
const paid = { id: 'cs_paid', amount_total: 4900, currency: 'usd', payment_status: 'paid', livemode: false };
const DAY_S = 86_400;

let clock: FakeClock;
let sessions: (typeof paid)[];
let undelivered: object[];
let here: Map<string, SessionHere>;
let received: StripeEvent[];
let windows: number[];
let reconciler: ReturnType<typeof createReconciler>;

async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

beforeEach(() => {
  clock = new FakeClock(100 * DAY_S * 1000);
  [sessions, undelivered, received, windows] = [[], [], [], []];
  here = new Map();
  reconciler = createReconciler({
    books: () => ({
      undelivered: ({ fromS }) => {
        windows.push(Math.round((clock.now() / 1000 - fromS) / DAY_S));
        return listed(undelivered);
      },
      completed: () => listed(sessions),
    }),
    known: async (ids) => new Map([...here].filter(([id]) => ids.includes(id))),
    receive: async (event) => {
      if (received.some(({ id }) => id === event.id)) return { duplicate: true };
      received.push(event);
      here.set(event.data.object.id ?? '', { amountCents: 4900, currency: 'USD' });
      return { duplicate: false, outcome: 'payment_recorded' };
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
  here.set(paid.id, { amountCents: 4900, currency: 'USD' });
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
  ['another amount', { amountCents: 100, currency: 'USD' }, 1],
  ['another currency', { amountCents: 4900, currency: 'EUR' }, 1],
  ['a canary whose payment has gone', { amountCents: undefined, currency: undefined }, 0],
] as const)('%s at Stripe: told without repairing anything', async (_name, row, told) => {
  sessions = [paid];
  here.set(paid.id, row);
  await look();
  expect(reconciler.findings()).toHaveLength(told);
  expect(received).toEqual([]);
});

test('of many differences the first twenty are told, and how many more there are', async () => {
  sessions = Array.from({ length: 250 }, (_, at) => ({ ...paid, id: `cs_${at}` }));
  for (const { id } of sessions) here.set(id, { amountCents: 1, currency: 'USD' });
  await look();
  expect(reconciler.findings()).toHaveLength(21);
  expect(reconciler.findings().at(-1)).toBe('230 more differences between Stripe and the payments here');
});
