import { randomUUID } from 'node:crypto';
import { createBrowser, createPilotRig, type PilotRig } from './testing/pilot-rig.ts';

let rig: PilotRig;
beforeAll(async () => {
  rig = await createPilotRig();
});
afterAll(() => rig.close());

async function signedIn() {
  const browser = createBrowser(rig.a5);
  browser.cookies.set('scholar_session', await rig.identity.userToken({ subject: 'u-1' }));
  browser.cookies.set('scholar_refresh', 'a-refresh-token');
  return browser;
}

/** The cells of a page's table. */
const rowsOf = (page: string) =>
  [...(page.split('<tbody>')[1] ?? '').matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell),
  );
const problem = (status: number, code: string) => () => ({ status, body: { code, status } });
const ALL = {
  complete: true,
  missing: [],
  services: { scholar_auth: { users: [{ email: 'me@example.org' }] } },
};

test('my data is a page for who is signed in; others are led to the sign-in', async () => {
  expect(await createBrowser(rig.a5).get('/my-data')).toMatchObject({
    status: 303,
    location: '/login?next=%2Fmy-data',
  });
  const { status, text } = await (await signedIn()).get('/my-data');
  expect(status).toBe(200);
  expect(text).toContain('Download my data');
  expect(text).toContain('Delete my account');
});

test('with the password all data come as a file, asked for in the name of who is signed in', async () => {
  rig.answers.a1 = () => ({ status: 200, body: ALL });
  const browser = await signedIn();
  const response = await rig.a5.fetch('/my-data/export', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: `scholar_session=${browser.cookies.get('scholar_session')}`,
    },
    body: 'export_password=right',
  });
  expect([response.status, await response.json()]).toEqual([200, ALL]);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="my-data.json"');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const asked = rig.a1.requests.at(-1);
  expect([asked?.path, asked?.body]).toEqual(['/privacy/exports', '{"password":"right"}']);
  expect(asked?.headers.authorization).toBe(`Bearer ${browser.cookies.get('scholar_session')}`);
});

test('a deleted account ends the session here, and its page tells how far it is without a sign-in', async () => {
  const id = randomUUID();
  rig.answers.a1 = () => ({ status: 202, body: { request_id: id } });
  const browser = await signedIn();
  const sent = await browser.post('/my-data/erase', { erase_password: 'right' });
  expect(sent).toMatchObject({ status: 303, location: `/my-data/erasures/${id}` });
  expect([...browser.cookies.keys()]).not.toContain('scholar_session');
  expect([...browser.cookies.keys()]).not.toContain('scholar_refresh');
  const done = { confirmed_at: '2026-11-30T10:00:00Z', last_problem: null };
  const open = { confirmed_at: null, last_problem: 'forwarder_away' };
  const parties = [
    { party: 'scholar_auth', ...done, forwarders: done },
    { party: 'student_pilot', ...done, forwarders: open },
    { party: 'auto_page_maker', ...done, forwarders: { ...open, last_problem: 'files_quarantined' } },
    { party: 'auto_com_center', ...done, last_problem: null, forwarders: null },
  ];
  rig.answers.a1 = () => ({ status: 200, body: { finished_at: null, parties } });
  const { text } = await browser.get(`/my-data/erasures/${id}`);
  expect(text).toContain('2 of 4 parts of scholar have confirmed');
  expect(rowsOf(text)).toEqual([
    ['Accounts', 'deleted', 'deleted'],
    ['Pages for students', 'deleted', 'not yet: asked again'],
    ['Landing pages', 'deleted', 'not yet: somebody has to remove damaged files'],
    ['Record of events', 'deleted', 'none'],
  ]);
  rig.answers.a1 = () => ({ status: 200, body: { finished_at: null, parties: [{ party: 'x', ...open }] } });
  expect((await browser.get(`/my-data/erasures/${id}`)).text).toContain('0 of 1 parts');
  rig.answers.a1 = () => ({ status: 200, body: { finished_at: '2026-11-30T10:01:00Z', parties } });
  expect((await browser.get(`/my-data/erasures/${id}`)).text).toContain('Your account is deleted');
  rig.answers.a1 = problem(503, 'unavailable');
  expect((await browser.get(`/my-data/erasures/${id}`)).text).toContain('cannot be told just now');
});

test.each<[string, () => { status: number; body: object }, number, string]>([
  ['a wrong password', problem(401, 'invalid_credentials'), 422, 'id="field-erase_password-error"'],
  ['too many of them', problem(429, 'rate_limited'), 429, 'too many failed attempts'],
  ['nobody to ask', problem(503, 'not_configured'), 200, 'not possible just now'],
  ['nonsense', () => ({ status: 202, body: { ok: true } }), 200, 'not possible just now'],
])('%s deletes nothing and says so; the session goes on', async (_what, answer, expected, words) => {
  rig.answers.a1 = answer;
  const browser = await signedIn();
  const { status, text } = await browser.post('/my-data/erase', { erase_password: 'p' });
  expect([status, text.includes(words)]).toEqual([expected, true]);
  expect(browser.cookies.get('scholar_session')).toBeDefined();
});

test('without a password nobody is asked; a form of another site is refused', async () => {
  const asked = rig.a1.requests.length;
  const browser = await signedIn();
  expect((await browser.post('/my-data/export', {})).status).toBe(422);
  const foreign = { 'sec-fetch-site': 'cross-site' };
  expect((await browser.post('/my-data/erase', { erase_password: 'p' }, foreign)).status).toBe(403);
  expect(rig.a1.requests.length).toBe(asked);
});
