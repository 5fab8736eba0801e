import fc from 'fast-check';
import { nextStep } from './next-step.ts';
import { type Attempt, numberOf, type OrderState, ordersFrom, referenceOf, stateOf } from './order.ts';

const attempt: Attempt = {
  session_id: 'cs_1',
  reference: 'listing.p.1',
  opened_at: new Date(0),
  outcomes: [],
  payment: undefined,
  failedRefunds: 0,
};
const payment = { amountCents: 4900, currency: 'USD', givenBackCents: 0, paidAt: new Date(1) };

const CASES: readonly [OrderState, Partial<Attempt>][] = [
  ['open', {}],
  ['open', { outcomes: ['livemode_mismatch', 'ignored'] }],
  ['unpaid', { outcomes: ['awaiting_payment'] }],
  ['failed', { outcomes: ['awaiting_payment', 'payment_failed'] }],
  ['expired', { outcomes: ['session_expired'] }],
  ['paid', { outcomes: ['awaiting_payment', 'payment_recorded'], payment }],
  ['paid', { outcomes: ['payment_failed', 'payment_recorded'], payment }],
  ['partly_refunded', { payment: { ...payment, givenBackCents: 1 } }],
  ['refunded', { payment: { ...payment, givenBackCents: 4900 } }],
];

test.each(CASES)('%s, in whatever order its events came', (state, facts) => {
  const outcomes = fc.shuffledSubarray([...(facts.outcomes ?? [])], {
    minLength: facts.outcomes?.length ?? 0,
  });
  fc.assert(
    fc.property(outcomes, (shuffled) => {
      expect(stateOf({ ...attempt, ...facts, outcomes: shuffled })).toBe(state);
    }),
    { numRuns: 20 },
  );
});

test.each(CASES)(
  '%s says what happened to the money and what to do next; only a button has words of its own',
  (state, facts) => {
    const step = nextStep({ state, attempt: { ...attempt, ...facts } });
    expect(step.text).toMatch(/[a-z]{3}.*\.$/);
    expect(step.button === undefined).toBe(step.next !== 'pay');
  },
);

test('what waits for the bank, or is paid, never leads to paying again', () => {
  for (const state of ['unpaid', 'paid', 'partly_refunded'] as const)
    expect(nextStep({ state, attempt: { ...attempt, payment } }).next).not.toBe('pay');
});

test('of several attempts the paid one tells the state, else the latest; orders come latest first', () => {
  const late = { ...attempt, session_id: 'cs_3', reference: 'listing.p.2', outcomes: ['awaiting_payment'] };
  const open = { ...attempt, session_id: 'cs_2' };
  const paid = { ...attempt, payment };
  const states = (attempts: Attempt[]) =>
    ordersFrom(attempts).map((order) => [order.reference, order.state, order.attempts.length]);
  expect(states([late, open, paid])).toEqual([
    ['listing.p.2', 'unpaid', 1],
    ['listing.p.1', 'paid', 2],
  ]);
  expect(states([open, { ...attempt, outcomes: ['payment_failed'] }])).toEqual([['listing.p.1', 'open', 2]]);
});

test('the number of an order is read from its reference, and from no other', () => {
  expect(numberOf('p', referenceOf('p', 7))).toBe(7);
  for (const reference of ['listing.q.1', 'listing.p.x', 'listing.p.0', 'listing.p.1.5', ''])
    expect(numberOf('p', reference)).toBeUndefined();
});
