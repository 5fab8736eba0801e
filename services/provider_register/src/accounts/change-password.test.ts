import { randomUUID } from 'node:crypto';
import type { StubAnswer } from '@scholar/runtime/testing';
import { browse, FORM } from '../testing/browse.ts';
import { createRegisterRig, type RegisterRig } from '../testing/register-rig.ts';

const CHANGE = '/password/change';
const TYPED = { old_password: FORM.password, password: 'four other words together' };

let rig: RegisterRig;
let send: ReturnType<typeof browse>['send'];
let headers: { cookie: string };
beforeAll(async () => {
  rig = await createRegisterRig();
  const browser = browse(rig);
  send = browser.send;
  headers = await browser.signedInAs(randomUUID());
});
afterAll(() => rig.close());

test('a provider finds the page from the scholarships and from what is kept; strangers are led to the sign-in', async () => {
  rig.answers.a2 = () => ({ status: 200, body: { scholarships: [], next_cursor: null } });
  for (const path of ['/scholarships', '/my-data'])
    expect((await send(path, undefined, headers)).page).toContain(`href="${CHANGE}"`);
  const { status, page } = await send(CHANGE, undefined, headers);
  expect([status, page]).toEqual([200, expect.stringContaining('autocomplete="current-password"')]);
  expect(page).toContain('autocomplete="new-password"');
  for (const fields of [undefined, TYPED])
    expect(await send(CHANGE, fields)).toMatchObject({ status: 303, to: '/login' });
});

test('a changed password ends the session here, and the sign-in says so', async () => {
  rig.answers.a1 = () => ({ status: 204 });
  const { status, to, cookies } = await send(CHANGE, TYPED, headers);
  expect([status, to]).toEqual([303, '/login?changed=1']);
  expect(cookies.join(' ')).toMatch(/scholar_session=;.*scholar_refresh=;/);
  const asked = rig.a1.requests.at(-1);
  expect([asked?.path, JSON.parse(asked?.body ?? '')]).toEqual([CHANGE, TYPED]);
  expect(asked?.headers['authorization']).toBe(`Bearer ${headers.cookie.split('=')[1]}`);
  expect((await send('/login?changed=1')).page).toContain('Your password is changed');
  expect((await send('/login')).page).not.toContain('Your password is changed');
});

test.each<[string, StubAnswer, number, string]>([
  ['a wrong old one', { status: 401, body: { code: 'invalid_credentials' } }, 422, 'is not your password'],
  [
    'too many tries',
    { status: 429, body: { code: 'rate_limited' }, headers: { 'retry-after': '30' } },
    ...([429, 'Try again in a minute.'] as const),
  ],
  ['an answer of nobody', { status: 200, body: {} }, 200, 'cannot be reached'],
])('%s brings the form again, and the session stays', async (_case, answer, status, words) => {
  rig.answers.a1 = () => answer;
  const again = await send(CHANGE, TYPED, headers);
  expect([again.status, again.cookies, again.page]).toEqual([status, [], expect.stringContaining(words)]);
  expect(again.page).toContain('name="old_password"');
});

test('every sign-in with a password that is known from leaks leads to another one', async () => {
  const account = rig.account(randomUUID(), { signup: { status: 409, body: { code: 'email_taken' } } });
  rig.answers.a1 = async (request) => {
    const answer = await account(request);
    if (request.path !== '/login') return answer;
    return { ...answer, body: { ...(answer.body as object), password_leaked: true } };
  };
  const to = '/password/change?leaked=1';
  expect(await send('/login', FORM)).toMatchObject({ status: 303, to });
  // Who registers with an account that is there signs in to it.
  expect(await send('/providers', FORM)).toMatchObject({ status: 303, to });
  expect((await send(to, undefined, headers)).page).toContain('lists of leaked passwords');
});
