import { LEGACY_ALIASES, resolveAlias } from './aliases.ts';
import { EVENT_TYPES } from './catalogue.ts';
import { parseEvent } from './parse-event.ts';

const REQUIRED = { amount_cents: 1, currency: 'USD', latency_ms: 1, success: true };
const event = (changes: object) => ({
  event_type: 'PageView',
  occurred_at: '2026-01-31T12:00:00Z',
  actor_id: 'u',
  source: '/',
  payload: REQUIRED,
  ...changes,
});

test.each(EVENT_TYPES)('%s may carry every key that the contract names', (event_type) => {
  expect(parseEvent(event({ event_type }))).toMatchObject({ ok: true, event: { event_type } });
});

test('a violation tells pointer, expectation and a type or length, never the value', () => {
  expect(parseEvent(event({ payload: { details: ['my secret'] } }))).toEqual({
    ok: false,
    violation: {
      code: 'contract_violation',
      pointer: '/payload/details',
      expected: expect.stringContaining('1000 characters'),
      got: 'array of 1',
    },
  });
});

test('keys with the value undefined count as left out, so that services may write them', () => {
  expect(parseEvent(event({ session_id: undefined })).ok).toBe(true);
});

test.each([undefined, null, 1, 'x', [], () => 1])('%p is no event', (value) => {
  expect(parseEvent(value)).toMatchObject({ ok: false, violation: { pointer: '' } });
});

test('legacy names stand for one of the eight types, and no type is its own alias', () => {
  for (const [alias, type] of Object.entries(LEGACY_ALIASES)) {
    expect(EVENT_TYPES).toContain(type);
    expect(resolveAlias(alias)).toEqual({ type, alias });
  }
  for (const name of [...EVENT_TYPES, 'toString', '__proto__', 'constructor', 7, undefined]) {
    expect(resolveAlias(name)).toBeUndefined();
  }
});
