import { randomUUID } from 'node:crypto';
import {
  ID,
  MADE,
  type ProviderAtWork,
  STORED,
  startProviderAtWork,
  WRITTEN,
} from '../testing/provider-at-work.ts';

let rig: ProviderAtWork['rig'];
let send: ProviderAtWork['send'];
let headers: ProviderAtWork['headers'];
let catalogue: ProviderAtWork['catalogue'];
let lastChange: ProviderAtWork['lastChange'];

beforeAll(async () => {
  ({ rig, send, headers, catalogue, lastChange } = await startProviderAtWork());
});
afterAll(() => rig.close());

test('a draft is kept; what cannot be read is said beside its field, with everything else as it was typed', async () => {
  catalogue([], { status: 201, body: MADE });
  const wrong = await send(
    '/scholarships',
    { ...WRITTEN, amount_cents: 'much', regions: 'new york' },
    headers,
  );
  expect(wrong.status).toBe(422);
  expect(wrong.page).toMatch(/name="amount_cents"[^>]* aria-invalid="true"[^>]* value="much"/);
  expect(wrong.page).toContain('value="new york"');
  expect(await send('/scholarships', WRITTEN, headers)).toMatchObject({
    status: 303,
    to: `/scholarships/${ID}?saved=1`,
  });
  expect(lastChange()).toMatchObject({ method: 'POST', body: { amount_cents: 250_000 } });
});

test('a currency that a program wrote is kept by the form', async () => {
  catalogue([{ ...STORED, currency: 'JPY' }]);
  const { page } = await send(`/scholarships/${ID}`, undefined, headers);
  expect(page).toMatch(/<option value="JPY" selected>/);
  expect(page).toContain('value="250000"');
  expect((await send('/scholarships', undefined, headers)).page).toContain('¥250,000');
});

test('a new one has a key, which the form keeps, so that sending it again is the same draft', async () => {
  const keyIn = (page: string) => /name="key" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const fresh = keyIn((await send('/scholarships/new', undefined, headers)).page);
  expect(fresh).toMatch(/^[0-9a-f-]{36}$/);
  expect(keyIn((await send('/scholarships/new', undefined, headers)).page)).not.toBe(fresh);
  const wrong = await send('/scholarships', { ...WRITTEN, key: fresh, amount_cents: 'much' }, headers);
  expect(keyIn(wrong.page)).toBe(fresh);
  rig.answers.a2 = () => ({ status: 503, body: 'away' });
  expect(keyIn((await send('/scholarships', { ...WRITTEN, key: fresh }, headers)).page)).toBe(fresh);
  catalogue([], { status: 201, body: MADE });
  const twice = [1, 2].map(() => send('/scholarships', { ...WRITTEN, key: fresh }, headers));
  expect((await Promise.all(twice)).map(({ to }) => to)).toEqual(
    Array(2).fill(`/scholarships/${ID}?saved=1`),
  );
  const keys = rig.a2.requests.slice(-2).map(({ headers: sent }) => sent['idempotency-key']);
  expect(keys).toEqual([fresh, fresh]);
});

test('sent again with other words it replaces nothing unseen: the form says so, and is that of the draft which is there', async () => {
  catalogue([], { status: 200, body: STORED });
  const key = randomUUID();
  const { status, page } = await send('/scholarships', { ...WRITTEN, title: 'Other', key }, headers);
  expect([status, page]).toEqual([409, expect.stringContaining('You have saved this scholarship before')]);
  expect(page).toContain('value="Other"');
  expect(page).toContain(`action="/scholarships/${ID}"`);
  expect(page).toContain('name="revision" value="7"');
  expect(page).not.toContain('name="key"');
});

test('what scholarship_api refuses stands beside the field that it names', async () => {
  const errors = [
    { pointer: '/citizenships/0', expected: 'an ISO 3166 country code of two capital letters' },
  ];
  catalogue([STORED], { status: 422, body: { code: 'validation_failed', detail: 'no', errors } });
  const { status, page } = await send(
    `/scholarships/${ID}`,
    { ...WRITTEN, citizenships: 'Germany' },
    headers,
  );
  expect(status).toBe(422);
  expect(page).toContain('id="field-citizenships-error">This has to be an ISO 3166 country code');
});

test('what somebody else has changed meanwhile is not overwritten unseen: the form says so, keeps what was typed, and may be sent again', async () => {
  catalogue([STORED]);
  expect((await send(`/scholarships/${ID}`, undefined, headers)).page).toContain('name="revision" value="7"');
  catalogue([STORED], { status: 412, body: { code: 'outdated', revision: 9 } });
  const { status, page } = await send(`/scholarships/${ID}`, { ...WRITTEN, revision: '7' }, headers);
  expect(status).toBe(409);
  expect(page).toContain('Somebody else has changed this scholarship');
  expect(page).toContain('value="Coast Grant"');
  expect(page).toContain('name="revision" value="9"');
  expect(rig.a2.requests.findLast(({ method }) => method === 'PATCH')?.headers['if-match']).toBe('"7"');
});
