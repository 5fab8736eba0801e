import { randomUUID } from 'node:crypto';
import type { StubAnswer } from '@scholar/runtime/testing';
import { browse, FORM } from '../testing/browse.ts';
import { createRegisterRig, type RegisterRig } from '../testing/register-rig.ts';

let rig: RegisterRig;
let send: ReturnType<typeof browse>['send'];
let signedInAs: ReturnType<typeof browse>['signedInAs'];
beforeAll(async () => {
  rig = await createRegisterRig();
  ({ send, signedInAs } = browse(rig));
});
afterAll(() => rig.close());

const taken: StubAnswer = { status: 409, body: { code: 'email_taken', errors: [] } };

describe('a provider registers by the form', () => {
  test('and has an account of that role, is signed in, and is led to the own page', async () => {
    const subject = randomUUID();
    rig.answers.a1 = rig.account(subject);
    const answer = await send('/providers', FORM);
    expect([answer.status, answer.to]).toEqual([303, expect.stringMatching(/^\/providers\/[0-9a-f-]{36}$/)]);
    expect(answer.cookies.map((line) => line.split('=')[0])).toEqual(['scholar_session', 'scholar_refresh']);
    const asked = rig.a1.requests.find(({ path }) => path === '/signup');
    expect(JSON.parse(asked?.body ?? '')).toMatchObject({ email: FORM.email, role: 'provider' });
    expect((await send('/payments', undefined, await signedInAs(subject))).to).toBe(answer.to);
    expect((await send('/', undefined, await signedInAs(subject))).to).toBe('/scholarships');
  });

  test('again with the account that the first time made: one provider and one event, however often it is sent', async () => {
    const subject = randomUUID();
    const before = (await rig.a6.events()).length;
    rig.answers.a1 = rig.account(subject);
    const first = await send('/providers', FORM);
    rig.answers.a1 = rig.account(subject, { signup: taken });
    const again = await send('/providers', FORM);
    expect([again.status, again.to]).toEqual([303, first.to]);
    expect((await rig.a6.events()).slice(before)).toHaveLength(1);
  });

  test('with an address of somebody else: it is said beside the field, and nothing is made', async () => {
    const before = (await rig.a6.events()).length;
    rig.answers.a1 = ({ path }) =>
      path === '/signup' ? taken : { status: 401, body: { code: 'invalid_credentials' } };
    const { status, page, cookies } = await send('/providers', FORM);
    expect([status, cookies]).toEqual([422, []]);
    expect(page).toContain('id="field-email-error">There is an account with this address already');
    expect(page).not.toContain(FORM.password);
    expect((await rig.a6.events()).length).toBe(before);
  });

  test('while signed in as a student: the form asks for a password, and an account of another address is made', async () => {
    rig.answers.a1 = rig.account();
    const student = await signedInAs(randomUUID(), 'student');
    const { page } = await send('/', undefined, student);
    expect(page).toMatch(/<input[^>]* name="password"/);
    expect(page).toContain('<a href="/login">Sign in</a>');
    const made = await send('/providers', FORM, student);
    expect([made.status, made.cookies.length]).toEqual([303, 2]);
  });

  test('with the account of a student: it is refused in words', async () => {
    rig.answers.a1 = rig.account(undefined, { role: 'student', signup: taken });
    const { status, page } = await send('/providers', FORM);
    expect([status, page]).toEqual([422, expect.stringContaining('belongs to a student')]);
  });

  test('while scholar_auth is away: the page says so and keeps what was typed', async () => {
    rig.answers.a1 = () => ({ status: 503, body: 'away' });
    const { status, page } = await send('/providers', FORM);
    expect(status).toBe(200);
    expect(page).toContain('the accounts cannot be reached');
    expect(page).toContain('value="Harbour Trust"');
  });
});
