import type { Ask, Question } from './http-client.ts';
import { askPiiRefusals } from './pii-refusals.ts';

const NOON = Date.parse('2026-11-24T12:00:00.000Z');

/** As A8's GET /rejected answers. */
function row(change: object) {
  return {
    id: '1',
    at: '2026-11-24T11:59:00.000Z',
    code: 'pii_detected',
    app_label: 'scholar_auth',
    event_id: null,
    pointer: '/payload/details',
    canary_id: null,
    suppressed: 0,
    ...change,
  };
}

async function refusals(rejected: object[]) {
  const asked: Question[] = [];
  const ask: Ask = async (question) => {
    asked.push(question);
    return { status: 200, headers: {}, tookMs: 1, body: JSON.stringify({ rejected, next_cursor: null }) };
  };
  return { found: await askPiiRefusals({ ask, now: () => NOON }, 'http://a8', 'key'), asked };
}

test('refusals of the last hour are counted by app, with those that the rate cap kept out of the table', async () => {
  const { found, asked } = await refusals([
    row({}),
    row({ at: '2026-11-24T11:20:00.000Z', pointer: '/actor_id', suppressed: 4 }),
    row({ app_label: 'student_pilot', pointer: null }),
  ]);
  expect(found).toEqual({
    scholar_auth: {
      count: 6,
      pointers: ['/payload/details', '/actor_id'],
      lastAt: '2026-11-24T11:59:00.000Z',
    },
    student_pilot: { count: 1, pointers: [], lastAt: '2026-11-24T11:59:00.000Z' },
  });
  expect(asked[0]?.url).toBe(
    'http://a8/rejected?code=pii_detected&since=2026-11-24T11%3A00%3A00.000Z&limit=500',
  );
  expect(asked[0]?.headers).toEqual({ authorization: 'Bearer key' });
});

test("canaries that are meant to be refused, and rows without a label, are nobody's fault", async () => {
  expect((await refusals([row({ canary_id: 'c-1' }), row({ app_label: null })])).found).toEqual({});
});

test('an A8 that does not tell is not taken for one that refused nothing', async () => {
  const ask: Ask = async () => ({ status: 401, headers: {}, tookMs: 1, body: '{"code":"unauthorized"}' });
  expect(await askPiiRefusals({ ask, now: () => NOON }, 'http://a8', 'key')).toBeUndefined();
});
