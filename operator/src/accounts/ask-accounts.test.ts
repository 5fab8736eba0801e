import { randomUUID } from 'node:crypto';
import { CouldNotLook } from '../could-not-look.ts';
import type { Question, Reply } from '../gather/http-client.ts';
import { askAccounts } from './ask-accounts.ts';

const ADDRESS = 'eve@example.org';
const USER = randomUUID();
const orders = { operationsKey: 'k', forwardersOf: async () => ({ forwarders: [], close: async () => {} }) };
const apps = [{ label: 'scholar_auth' as const, url: 'http://a1', intake: '', ops: '' }];

/** Orders to an A1 that answers so; what it was asked. */
function a1(status: number, body: unknown) {
  const asked: Question[] = [];
  const ask = async (question: Question): Promise<Reply> => {
    asked.push(question);
    if (status === 0) throw new Error(`connect ECONNREFUSED ${JSON.stringify(question.json)}`);
    return { status, headers: {}, tookMs: 1, body: body === undefined ? '' : JSON.stringify(body) };
  };
  return { asked, accounts: askAccounts({ ask, apps, orders }) };
}

test('each order goes to A1 with the operations key, a person in the body alone, and says what was done', async () => {
  const rotated = a1(200, { kid: 'k1', signs_from: '2026-11-30T00:20:00.000Z' });
  expect(await rotated.accounts.rotateKeys('announced')).toEqual({
    ...{ ok: true, kid: 'k1', signs_from: '2026-11-30T00:20:00.000Z' },
  });
  const added = a1(201, { user_id: USER, created: true });
  expect(await added.accounts.addStaff(ADDRESS)).toEqual({ ok: true, user_id: USER, created: true });
  const removed = a1(204, undefined);
  expect(await removed.accounts.removeStaff(USER)).toEqual({ ok: true });
  const headers = { authorization: 'Bearer k' };
  expect([...rotated.asked, ...added.asked, ...removed.asked]).toMatchObject([
    { url: 'http://a1/operations/signing-keys', method: 'POST', headers, json: { how: 'announced' } },
    { url: 'http://a1/operations/staff', method: 'POST', headers, json: { email: ADDRESS } },
    { url: `http://a1/operations/staff/${USER}`, method: 'DELETE', headers },
  ]);
});

test.each([
  [404, { code: 'not_found', detail: 'Nobody.' }, 'Nobody.'],
  [503, { code: 'not_configured', detail: 'SMTP_URL is not set.' }, 'SMTP_URL is not set.'],
  [
    422,
    {
      ...{ code: 'validation_failed', detail: 'Wrong.' },
      // One field can break two rules of the same words.
      errors: Array.from({ length: 2 }, () => ({ pointer: '/email', expected: 'an address' })),
    },
    'Wrong. /email: an address',
  ],
])('a refusal of A1 (%d) is an answer with its reason', async (status, body, reason) => {
  expect(await a1(status, body).accounts.addStaff(ADDRESS)).toEqual({ ok: false, code: body.code, reason });
});

test.each([
  ['no answer', 0, undefined, /no answer .* is not known/],
  ['another key', 401, { code: 'unauthorized', detail: '' }, /runs with another A8_OPERATIONS_KEY/],
  ['a database that is away', 503, { code: 'unavailable', detail: '' }, /503 unavailable/],
  ['a proxy in between', 404, '<html>', /answered 404/],
  ['nonsense', 200, { ok: true }, /something else/],
])(
  '%s is no answer about the order, and the address is in no message',
  async (_what, status, body, message) => {
    const error = await a1(status, body)
      .accounts.addStaff(ADDRESS)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CouldNotLook);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain(ADDRESS);
  },
);
