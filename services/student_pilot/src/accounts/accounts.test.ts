import { randomUUID } from 'node:crypto';
import type { StubAnswer } from '@scholar/runtime/testing';
import { createBrowser, createPilotRig, type PilotRig } from '../testing/pilot-rig.ts';

const EMAIL = 'ada@example.org';
const PASSWORD = 'correct horse battery';

let rig: PilotRig;
beforeAll(async () => {
  rig = await createPilotRig({ ACCOUNT_TIMEOUT: '300ms' });
});
afterAll(() => rig.close());
beforeEach(() => {
  rig.a1Away = false;
});

const problem = (status: number, code: string, errors: unknown[] = []): StubAnswer => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { code, errors },
});

async function tokens(subject: string, refreshToken: string = randomUUID()): Promise<StubAnswer> {
  const access_token = await rig.identity.userToken({ subject });
  return {
    status: 200,
    body: { access_token, refresh_token: refreshToken, token_type: 'Bearer', expires_in: 600 },
  };
}

test('a signup makes the account, signs in, and keeps both tokens where no script reaches them', async () => {
  const subject = randomUUID();
  rig.answers.a1 = ({ path }) =>
    path === '/signup' ? { status: 201, body: { user_id: subject } } : tokens(subject);
  const browser = createBrowser(rig.a5);
  const response = await rig.a5.fetch('/signup', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: EMAIL, password: PASSWORD }).toString(),
  });
  expect([response.status, response.headers.get('location')]).toEqual([303, '/profile?welcome=1']);
  const set = response.headers.getSetCookie();
  expect(set.map((line) => line.split('=')[0]).sort()).toEqual(['scholar_refresh', 'scholar_session']);
  for (const line of set) expect(line).toMatch(/HttpOnly; SameSite=Lax/);
  expect(JSON.parse(rig.a1.requests.find(({ path }) => path === '/signup')?.body ?? '')).toEqual({
    email: EMAIL,
    password: PASSWORD,
  });

  await browser.post('/signup', { email: EMAIL, password: PASSWORD });
  expect((await browser.get('/profile')).status).toBe(200);
});

test.each([
  [problem(409, 'email_taken'), 'There is an account with this address already'],
  [
    problem(422, 'validation_failed', [{ pointer: '/password', expected: 'at least 12 characters' }]),
    'This has to be at least 12 characters.',
  ],
])(
  'a refused signup says why beside the field and keeps the address, never the password',
  async (answer, words) => {
    rig.answers.a1 = () => answer;
    const { status, text } = await createBrowser(rig.a5).post('/signup', {
      email: EMAIL,
      password: PASSWORD,
    });
    expect(status).toBe(422);
    expect(text).toContain(words);
    expect(text).toMatch(/aria-invalid="true" aria-describedby="field-(email|password)-error/);
    expect(text).toContain(`value="${EMAIL}"`);
    expect(text).not.toContain(PASSWORD);
  },
);

test('what is plainly missing is said without asking scholar_auth', async () => {
  const before = rig.a1.requests.length;
  const { status, text } = await createBrowser(rig.a5).post('/login', { email: '<b>', password: '' });
  expect(status).toBe(422);
  expect(text).toContain('Enter your e-mail address');
  expect(text).toContain('Enter a password.');
  expect(text).toContain('value="&lt;b&gt;"');
  expect(rig.a1.requests.length).toBe(before);
});

test('a sign-in leads back to where it came from, and only to pages of ours', async () => {
  rig.answers.a1 = () => tokens('u-1');
  const login = { email: EMAIL, password: PASSWORD };
  expect((await createBrowser(rig.a5).get('/matches')).location).toBe('/login?next=%2Fmatches');
  expect((await createBrowser(rig.a5).get('/login?next=%2Fmatches')).text).toContain(
    'name="next" value="/matches"',
  );
  expect((await createBrowser(rig.a5).post('/login', { ...login, next: '/matches' })).location).toBe(
    '/matches',
  );
  expect((await createBrowser(rig.a5).post('/login', { ...login, next: '//evil.example' })).location).toBe(
    '/',
  );
});

test('a wrong password is told as scholar_auth tells it', async () => {
  rig.answers.a1 = () => problem(401, 'invalid_credentials');
  const { status, text } = await createBrowser(rig.a5).post('/login', { email: EMAIL, password: 'x' });
  expect([status, text.includes('The e-mail address or the password is wrong')]).toEqual([422, true]);
});

test.each<[string, () => StubAnswer | Promise<StubAnswer>]>([
  ['fails', () => ({ status: 503, body: 'away' })],
  ['is a proxy', () => ({ status: 404, body: '<html>' })],
  ['talks nonsense', () => ({ status: 200, body: {} })],
  ['is slow', () => new Promise((late) => setTimeout(() => late({ status: 200, body: {} }), 800))],
])('when scholar_auth %s the page says so and keeps what was typed', async (_case, answer) => {
  rig.answers.a1 = answer;
  for (const path of ['/signup', '/login']) {
    const { status, text } = await createBrowser(rig.a5).post(path, { email: EMAIL, password: PASSWORD });
    expect(status).toBe(200);
    expect(text).toContain('not possible just now');
    expect(text).toContain(`value="${EMAIL}"`);
  }
});

test('an access token that has run out is renewed on the way, once, also for requests that come together', async () => {
  const used: string[] = [];
  rig.answers.a1 = ({ path, body }) => {
    if (path !== '/refresh') return problem(401, 'invalid_credentials');
    const token: string = JSON.parse(body).refresh_token;
    // As scholar_auth does: a token works once.
    if (used.includes(token)) return problem(401, 'invalid_refresh_token');
    used.push(token);
    return tokens('u-1', 'second');
  };
  const browser = createBrowser(rig.a5);
  browser.cookies.set('scholar_refresh', 'first');
  const together = await Promise.all([browser.get('/profile'), browser.get('/matches'), browser.get('/ask')]);
  expect(together.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(used).toEqual(['first']);
  expect(browser.cookies.get('scholar_refresh')).toBe('second');
  browser.cookies.set('scholar_session', 'forged');
  expect((await browser.get('/profile')).status).toBe(200);
  expect(used).toEqual(['first', 'second']);
});

test('a session that scholar_auth has ended is forgotten; one that cannot be checked is kept', async () => {
  const browser = createBrowser(rig.a5);
  browser.cookies.set('scholar_refresh', 'kept');
  rig.answers.a1 = () => ({ status: 503, body: 'away' });
  const waiting = await browser.get('/profile');
  expect(waiting.status).toBe(200);
  expect(waiting.text).toContain('Your session cannot be checked just now');
  const form = await browser.post('/profile', { field: 'basket weaving' });
  expect([form.status, form.text.includes('basket weaving')]).toEqual([200, true]);
  expect(browser.cookies.get('scholar_refresh')).toBe('kept');

  rig.answers.a1 = () => problem(401, 'invalid_refresh_token');
  expect((await browser.get('/profile')).location).toBe('/login?next=%2Fprofile');
  expect(browser.cookies.has('scholar_refresh')).toBe(false);
});

test('signing out forgets the session here and ends it there', async () => {
  rig.answers.a1 = () => tokens('u-1', 'mine');
  const browser = createBrowser(rig.a5);
  await browser.post('/login', { email: EMAIL, password: PASSWORD });
  rig.answers.a1 = () => ({ status: 204 });
  expect((await browser.post('/logout', {})).location).toBe('/');
  expect([...browser.cookies.keys()]).not.toContain('scholar_session');
  expect(rig.a1.requests.at(-1)).toMatchObject({ path: '/logout', body: '{"refresh_token":"mine"}' });
});

test('a form that another site made a browser send is refused', async () => {
  const headers = { 'sec-fetch-site': 'cross-site' };
  expect(
    (await createBrowser(rig.a5).post('/login', { email: EMAIL, password: PASSWORD }, headers)).status,
  ).toBe(403);
});

test('who forgot the password finds the way from the sign-in, and is answered alike with an account and without', async () => {
  const browser = createBrowser(rig.a5);
  expect((await browser.get('/login')).text).toContain('href="/password/forgot"');
  expect((await browser.get('/password/forgot')).text).toContain('name="email"');
  rig.answers.a1 = () => ({ status: 202, body: { detail: 'sent' } });
  const sent = await browser.post('/password/forgot', { email: EMAIL });
  expect([sent.status, sent.text]).toEqual([200, expect.stringContaining('If there is an account')]);
  const asked = rig.a1.requests.filter(({ path }) => path === '/password/forgot');
  expect(asked.map(({ body }) => JSON.parse(body))).toEqual([{ email: EMAIL }]);
});

test('a link that cannot be asked for now keeps the address in its form, and says what is wrong', async () => {
  const browser = createBrowser(rig.a5);
  const typo = await browser.post('/password/forgot', { email: 'ada' });
  expect([typo.status, typo.text]).toEqual([422, expect.stringContaining('value="ada"')]);
  rig.answers.a1 = () => problem(429, 'rate_limited');
  expect((await browser.post('/password/forgot', { email: EMAIL })).text).toContain('too many');
  rig.a1Away = true;
  const away = await browser.post('/password/forgot', { email: EMAIL });
  expect([away.status, away.text]).toEqual([200, expect.stringContaining(`value="${EMAIL}"`)]);
  expect(away.text).toContain('cannot be reached');
});

test('where mail is not set up the page says so and what to do; mails that stay on the machine are shown the way to', async () => {
  const browser = createBrowser(rig.a5);
  const ask = async () => (await browser.post('/password/forgot', { email: EMAIL })).text;
  rig.a1Away = false;
  rig.answers.a1 = () => ({
    status: 503,
    body: { code: 'not_configured', status: 503, setting: 'SMTP_URL' },
  });
  const text = await ask();
  expect(text).toContain('mail is not set up here');
  expect(text).toContain('Tell whoever runs this site');
  expect(text).not.toContain('cannot be reached');
  rig.answers.a1 = () => ({
    status: 503,
    body: { code: 'not_configured', status: 503, setting: 'EMAIL_HASH_KEY' },
  });
  expect(await ask()).toContain('cannot be reached');
  rig.answers.a1 = () => ({
    status: 202,
    body: { detail: 'sent', mailbox: 'http://127.0.0.1:4101/mailbox' },
  });
  expect(await ask()).toContain('<a href="http://127.0.0.1:4101/mailbox">');
  rig.answers.a1 = () => ({ status: 202, body: { detail: 'sent', mailbox: 'javascript:alert(1)' } });
  expect(await ask()).toContain('a link is on its way');
  expect(await ask()).not.toContain('javascript:');
});
