import { randomUUID } from 'node:crypto';
import type { StubAnswer } from '@scholar/runtime/testing';
import { createBrowser, createPilotRig, type PilotRig } from '../testing/pilot-rig.ts';

const PASSWORD = 'correct horse battery';

let rig: PilotRig;
beforeAll(async () => {
  rig = await createPilotRig({ ACCOUNT_TIMEOUT: '300ms' });
});
afterAll(() => rig.close());

const problem = (status: number, code: string, errors: unknown[] = []): StubAnswer => ({
  status,
  body: { code, errors },
});
const CHANGE = '/password/change';
const NEXT = 'another horse battery';
const typed = { old_password: PASSWORD, password: NEXT };

async function signedIn() {
  const browser = createBrowser(rig.a5);
  browser.cookies.set('scholar_session', await rig.identity.userToken({ subject: 'u-1' }));
  browser.cookies.set('scholar_refresh', 'mine');
  return browser;
}

test('the form for another password is found from the profile and from what is kept of somebody, and asked of who is signed in alone', async () => {
  const browser = await signedIn();
  for (const path of ['/profile', '/my-data'])
    expect((await browser.get(path)).text).toContain(`href="${CHANGE}"`);
  const { status, text } = await browser.get(CHANGE);
  expect(status).toBe(200);
  expect(text).toMatch(/name="old_password"[^>]* autocomplete="current-password"/);
  expect(text).toMatch(/name="password"[^>]* autocomplete="new-password"/);
  expect(text).not.toContain('lists of leaked passwords');
  const stranger = createBrowser(rig.a5);
  const location = '/login?next=%2Fpassword%2Fchange';
  expect(await stranger.get(CHANGE)).toMatchObject({ status: 303, location });
  expect(await stranger.post(CHANGE, typed)).toMatchObject({ status: 303, location });
  expect((await browser.post(CHANGE, typed, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
});

test('another password is set in the name of who is signed in, ends the session here, and the sign-in says so', async () => {
  const browser = await signedIn();
  const token = browser.cookies.get('scholar_session');
  rig.answers.a1 = () => ({ status: 204 });
  expect(await browser.post(CHANGE, typed)).toMatchObject({ status: 303, location: '/login?changed=1' });
  const asked = rig.a1.requests.at(-1);
  expect([asked?.path, JSON.parse(asked?.body ?? ''), asked?.headers['authorization']]).toEqual([
    ...[CHANGE, typed, `Bearer ${token}`],
  ]);
  expect([...browser.cookies.keys()]).toEqual([]);
  expect((await browser.get('/login?changed=1')).text).toContain('Your password is changed');
  expect((await browser.get('/login')).text).not.toContain('Your password is changed');
});

const tooShort = { pointer: '/password', expected: 'at least 12 characters' };
const late = (headers: Record<string, string>) => ({ ...problem(429, 'rate_limited'), headers });
test.each<[string, StubAnswer, number, 'old_password' | 'password', string]>([
  ['a wrong old one', problem(401, 'invalid_credentials'), 422, 'old_password', 'is not your password'],
  ['too short a new one', problem(422, 'validation_failed', [tooShort]), 422, 'password', 'at least 12'],
  ['too many tries', late({ 'retry-after': '840' }), 429, 'old_password', 'Try again in 14 minutes.'],
  ['tries without an end', late({}), 422, 'old_password', 'Wait a few minutes'],
])(
  '%s is said beside its field, and no password is sent back',
  async (_case, answer, status, name, words) => {
    rig.answers.a1 = () => answer;
    const browser = await signedIn();
    const again = await browser.post(`${CHANGE}?leaked=1`, typed);
    expect(again.status).toBe(status);
    expect(again.text).toMatch(new RegExp(`id="field-${name}-error">[^<]*${words}`));
    expect(again.text.match(/aria-invalid/g)).toHaveLength(1);
    expect(again.text).not.toMatch(new RegExp(`${PASSWORD}|${NEXT}`));
    // What is known of the old one stays said.
    expect(again.text).toContain('lists of leaked passwords');
    expect(browser.cookies.get('scholar_refresh')).toBe('mine');
  },
);

test('what is plainly missing is said beside both fields without asking scholar_auth', async () => {
  const before = rig.a1.requests.length;
  const { status, text } = await (await signedIn()).post(CHANGE, {});
  expect([status, text.match(/aria-invalid/g)?.length]).toEqual([422, 2]);
  expect(rig.a1.requests.length).toBe(before);
});

test.each<[string, () => StubAnswer | Promise<StubAnswer>]>([
  ['fails', () => ({ status: 503, body: 'away' })],
  ['is a proxy', () => ({ status: 404, body: '<html>' })],
  ['talks nonsense', () => ({ status: 200, body: {} })],
  ['is slow', () => new Promise((come) => setTimeout(() => come({ status: 204 }), 800))],
])('when scholar_auth %s the form comes again, and the session stays', async (_case, answer) => {
  rig.answers.a1 = answer;
  const browser = await signedIn();
  const { status, text } = await browser.post(CHANGE, typed);
  expect([status, text]).toEqual([200, expect.stringContaining('cannot be reached')]);
  expect(text).toContain('name="old_password"');
  expect(browser.cookies.get('scholar_refresh')).toBe('mine');
});

test('a session that scholar_auth believes no more leads to the sign-in', async () => {
  rig.answers.a1 = () => problem(401, 'unauthorized');
  expect((await (await signedIn()).post(CHANGE, typed)).location).toBe('/login?next=%2Fpassword%2Fchange');
});

test('another password is asked for after a sign-in with one that is known from leaks', async () => {
  rig.answers.a1 = async () => {
    const access_token = await rig.identity.userToken({ subject: 'u-1' });
    const pair = { access_token, refresh_token: randomUUID(), expires_in: 600 };
    return { status: 200, body: { ...pair, password_leaked: true } };
  };
  const browser = createBrowser(rig.a5);
  const login = { email: 'ada@example.org', password: PASSWORD, next: '/matches' };
  expect((await browser.post('/login', login)).location).toBe('/password/change?leaked=1');
  const { status, text } = await browser.get('/password/change?leaked=1');
  expect([status, text]).toEqual([200, expect.stringContaining('lists of leaked passwords')]);
});
