import { PROBLEM_CODES, PROBLEMS } from '../problems/catalogue.ts';
import { problemDocument } from '../problems/problem-document.ts';
import { type Answer, judgeAnswer } from './judge-answer.ts';
import { MAX_RETRY_AFTER_MS, parseRetryAfter } from './retry-after.ts';

const ID = '5c0aabcd-7e1d-4a2b-9c3f-0d4e5f60abcd';
const OTHER = '5c0affff-7e1d-4a2b-9c3f-0d4e5f60ffff';
const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);
const RECEIPT = {
  accepted: true,
  persisted: true,
  event_id: ID,
  received_at: '2026-01-31T12:00:00.123Z',
  duplicate: false,
  request_id: 'r1',
};

function answer(status: number, body: unknown, more: Partial<Answer> = {}): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    contentType: 'application/problem+json; charset=utf-8',
    retryAfter: undefined,
    body: text,
    ...more,
  };
}

const judge = (given: Answer) => judgeAnswer(given, ID, NOW);

describe('delivered', () => {
  test.each([200, 201, 202, 299])('%d with a receipt for our id settles the event', (status) => {
    expect(judge(answer(status, RECEIPT))).toEqual({ kind: 'delivered', receipt: RECEIPT });
  });

  test('letter case of the id and keys of a newer A8 do not matter', () => {
    const receipt = { ...RECEIPT, event_id: ID.toUpperCase(), shard: 3 };
    expect(judge(answer(201, receipt)).kind).toBe('delivered');
    expect(judgeAnswer(answer(201, RECEIPT), ID.toUpperCase(), NOW).kind).toBe('delivered');
  });
});

describe('retry', () => {
  test.each([
    ['persisted:false', { ...RECEIPT, persisted: false }],
    ['the id of another event', { ...RECEIPT, event_id: OTHER }],
    ['accepted:false', { ...RECEIPT, accepted: false }],
    ['persisted as text', { ...RECEIPT, persisted: 'true' }],
    ['a page', '<html>ok</html>'],
    ['nothing', ''],
    ['null', null],
  ])('a 2xx with %s settles nothing', (_, body) => {
    expect(judge(answer(200, body)).kind).toBe('retry');
  });

  test.each([408, 429, 500, 502, 503, 504, 507, 599])('%d is tried again', (status) => {
    expect(judge(answer(status, problemDocument('unavailable', { eventId: ID })))).toEqual({
      kind: 'retry',
      reason: `A8 answered ${status}`,
    });
  });

  test('Retry-After is passed on, in seconds or as a date', () => {
    expect(judge(answer(429, '', { retryAfter: '7' }))).toMatchObject({ retryAfterMs: 7_000 });
    expect(judge(answer(503, '', { retryAfter: 'Sat, 31 Jan 2026 12:00:30 GMT' }))).toMatchObject({
      retryAfterMs: 30_000,
    });
  });
});

describe('dead letter', () => {
  test.each(PROBLEM_CODES.filter((code) => PROBLEMS[code].scope === 'event'))(
    '%s buries this event',
    (code) => {
      const problem = problemDocument(code, { eventId: ID });
      expect(judge(answer(problem.status, problem))).toEqual({ kind: 'dead', problem });
    },
  );
});

describe('hold', () => {
  const problem = problemDocument('contract_violation', { eventId: ID });

  test.each([
    ['another media type', answer(422, problem, { contentType: 'application/json' })],
    ['no media type', answer(422, problem, { contentType: undefined })],
    ['a code of no catalogue', answer(422, { ...problem, code: 'too_spicy' })],
    ['the id of another event', answer(422, { ...problem, event_id: OTHER })],
    ['no id', answer(422, problemDocument('contract_violation'))],
    ['a status that the code does not have', answer(400, { ...problem, status: 400 })],
    ['another status inside than outside', answer(400, problem)],
    [
      'the code of a key problem',
      answer(400, { ...problemDocument('unauthorized', { eventId: ID }), status: 400 }),
    ],
    ['a page of a proxy', answer(413, '<html>too large</html>', { contentType: 'text/html' })],
  ])('a refusal with %s buries nothing', (_, given) => {
    expect(judge(given)).toMatchObject({ kind: 'hold', reason: 'unexpected_answer' });
  });

  test.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [410, 'gone'],
    [426, 'unsupported_protocol'],
    [301, 'redirect'],
    [302, 'redirect'],
    [304, 'redirect'],
    [402, 'unexpected_answer'],
    [405, 'unexpected_answer'],
    [418, 'unexpected_answer'],
    [431, 'unexpected_answer'],
    [101, 'unexpected_answer'],
    [600, 'unexpected_answer'],
  ])('%d holds as %s, even with a problem for our event', (status, reason) => {
    expect(judge(answer(status, { ...problem, status }))).toMatchObject({ kind: 'hold', reason });
  });

  test('every problem of key and route holds, and the detail says what to do', () => {
    for (const code of PROBLEM_CODES.filter((one) => ['key', 'route'].includes(PROBLEMS[one].scope))) {
      const verdict = judge(answer(PROBLEMS[code].status, problemDocument(code, { eventId: ID })));
      expect(verdict).toMatchObject({ kind: 'hold', detail: expect.stringContaining(PROBLEMS[code].advice) });
    }
  });

  test("the detail does not repeat a stranger's text", () => {
    const verdict = judge(answer(403, 'jane@example.com is blocked', { contentType: 'text/html' }));
    expect(JSON.stringify(verdict)).not.toContain('jane');
  });
});

test.each([
  ['0', 0],
  [' 12 ', 12_000],
  ['99999999', MAX_RETRY_AFTER_MS],
  ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
  ['Sun, 01 Feb 2026 12:00:00 GMT', MAX_RETRY_AFTER_MS],
  ['1.5', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['2026-01-31T12:00:30Z', undefined],
  ['Sat, 99 Jan 2026 12:00:30 GMT', undefined],
  [undefined, undefined],
])('Retry-After %p waits %p ms', (value, wait) => {
  expect(parseRetryAfter(value, NOW)).toBe(wait);
});
