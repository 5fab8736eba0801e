import { randomUUID } from 'node:crypto';
import type { StubAnswer } from '@scholar/runtime/testing';
import { createRegisterRig, type RegisterRig } from '../testing/register-rig.ts';

let rig: RegisterRig;
beforeAll(async () => {
  rig = await createRegisterRig();
});
afterAll(() => rig.close());

const html = { accept: 'text/html', 'sec-fetch-site': 'same-origin' };
const FORM = { name: 'Harbour Trust', email: 'office@harbour.example', password: 'four words put together' };

async function send(path: string, fields?: Record<string, string>, headers: Record<string, string> = {}) {
  const init = fields ? { method: 'POST', body: new URLSearchParams(fields) } : {};
  const response = await rig.a6.fetch(path, { ...init, headers: { ...html, ...headers } });
  return {
    status: response.status,
    to: response.headers.get('location'),
    cookies: response.headers.getSetCookie(),
    page: await response.text(),
  };
}

const signedInAs = async (subject: string, role = 'provider') => ({
  cookie: `scholar_session=${await rig.identity.userToken({ subject, roles: [role] })}`,
});

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

describe('signing in', () => {
  test('leads to the scholarships; a wrong password is said, with the address kept', async () => {
    rig.answers.a1 = rig.account();
    const { email, password } = FORM;
    expect(await send('/login', { email, password })).toMatchObject({ status: 303, to: '/scholarships' });
    rig.answers.a1 = () => ({ status: 401, body: { code: 'invalid_credentials' } });
    const refused = await send('/login', { email, password });
    expect(refused.status).toBe(422);
    expect(refused.page).toContain('password is wrong');
    expect(refused.page).toContain(`value="${email}"`);
  });

  test('is asked of strangers and of probes; a student is told that this is for providers', async () => {
    for (const headers of [{}, { 'x-scholar-canary': rig.a6.canaryToken() }])
      expect(await send('/scholarships', undefined, headers)).toMatchObject({ status: 303, to: '/login' });
    const student = await send('/scholarships', undefined, await signedInAs(randomUUID(), 'student'));
    expect([student.status, student.page]).toEqual([403, expect.stringContaining('belongs to a student')]);
  });

  test('a form that another site sent is refused', async () => {
    const headers = { ...(await signedInAs(randomUUID())), 'sec-fetch-site': 'cross-site' };
    for (const path of [
      '/providers',
      '/login',
      '/logout',
      '/scholarships',
      `/scholarships/${randomUUID()}/end`,
    ])
      expect([path, (await send(path, FORM, headers)).status]).toEqual([path, 403]);
  });
});

describe('the scholarships of a provider', () => {
  const ID = randomUUID();
  const STORED = {
    ...{
      id: ID,
      revision: 7,
      status: 'draft',
      title: 'Coast Grant',
      description: 'For midwives.',
      url: null,
    },
    ...{ degree_levels: ['bachelor'], fields_of_study: ['nursing'], regions: [], citizenships: [] },
    ...{ min_gpa: null, max_income_band: null, min_age: null, max_age: null },
    ...{ amount_cents: 250_000, currency: 'USD', deadline: '2090-05-01' },
  };
  const WRITTEN = {
    title: 'Coast Grant',
    description: 'For midwives.',
    amount_cents: '2500',
    currency: 'USD',
  };
  let headers: Record<string, string>;
  let providerId: string;

  beforeAll(async () => {
    const subject = randomUUID();
    rig.answers.a1 = rig.account(subject);
    providerId = (await send('/providers', FORM)).to?.split('/').at(-1) ?? '';
    headers = await signedInAs(subject);
  });

  /** scholarship_api with these scholarships, which answers changes so. */
  function catalogue(mine: readonly object[], change: StubAnswer = { status: 200, body: STORED }) {
    rig.answers.a2 = ({ method }) =>
      method === 'GET' ? { status: 200, body: { scholarships: mine, next_cursor: null } } : change;
  }

  const lastChange = () => {
    const request = rig.a2.requests.findLast(({ method }) => method !== 'GET');
    return { method: request?.method, path: request?.path, body: JSON.parse(request?.body || '{}') };
  };

  test('are asked for with the token of who is signed in, and listed with their state', async () => {
    catalogue([STORED]);
    const { status, page } = await send('/scholarships', undefined, headers);
    expect(status).toBe(200);
    expect(page).toContain(`href="/scholarships/${ID}">Coast Grant`);
    expect(page).toContain('draft');
    expect(rig.a2.requests.at(-1)?.headers.authorization).toBe(`Bearer ${headers['cookie']?.split('=')[1]}`);
  });

  test('a list of several pages is read to its end: what stands on the last one counts, too', async () => {
    rig.answers.a2 = ({ path }) => {
      const last = path.endsWith('?cursor=behind%3D');
      const scholarships = [last ? { ...STORED, title: 'The oldest' } : { ...STORED, id: randomUUID() }];
      return { status: 200, body: { scholarships, next_cursor: last ? null : 'behind=' } };
    };
    expect((await send('/scholarships', undefined, headers)).page).toContain('The oldest');
    expect((await send(`/scholarships/${ID}`, undefined, headers)).status).toBe(200);
    rig.answers.a2 = () => ({ status: 200, body: { scholarships: [STORED], next_cursor: 'for ever' } });
    expect((await send('/scholarships', undefined, headers)).page).toContain('cannot be reached just now');
  });

  test('an empty list says what to do', async () => {
    catalogue([]);
    expect((await send('/scholarships', undefined, headers)).page).toContain('There is none yet');
  });

  test('a draft is kept; what cannot be read is said beside its field, with everything else as it was typed', async () => {
    catalogue([], { status: 201, body: STORED });
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
    expect(lastChange()).toMatchObject({ method: 'POST', body: { status: 'draft', amount_cents: 250_000 } });
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

  test('without a paid listing nothing is published; with one it is, once', async () => {
    catalogue([STORED]);
    const publish = () => send(`/scholarships/${ID}`, { ...WRITTEN, intent: 'publish' }, headers);
    const unpaid = await publish();
    expect([unpaid.status, unpaid.page]).toEqual([422, expect.stringContaining('needs a paid listing')]);
    await pay();
    expect(await publish()).toMatchObject({ status: 303, to: `/scholarships/${ID}?published=1` });
    expect(lastChange()).toMatchObject({ method: 'PATCH', body: { status: 'published' } });
    catalogue([STORED, { ...STORED, id: randomUUID(), status: 'expired' }]);
    expect((await publish()).status).toBe(422);
  });

  async function pay(): Promise<void> {
    const stripeEvent = `evt_${randomUUID()}`;
    await rig.a6.pool.query(
      `INSERT INTO stripe_events (id, type, livemode) VALUES ($1, 'checkout.session.completed', false)`,
      [stripeEvent],
    );
    await rig.a6.pool.query(
      `INSERT INTO payments (session_id, provider_id, amount_cents, currency, stripe_event_id, event_id)
       VALUES ($1, $2, 4900, 'USD', $3, $4)`,
      [`cs_test_${randomUUID()}`, providerId, stripeEvent, randomUUID()],
    );
  }

  test('what is published is changed and ended, a draft deleted, each by one request in the name of its owner', async () => {
    catalogue([{ ...STORED, status: 'published' }]);
    await send(`/scholarships/${ID}`, { ...WRITTEN, title: 'Coast Grant II' }, headers);
    expect(lastChange()).toMatchObject({
      method: 'PATCH',
      body: { title: 'Coast Grant II', status: 'published' },
    });
    expect((await send(`/scholarships/${ID}/end`, {}, headers)).to).toBe(`/scholarships/${ID}?ended=1`);
    expect(lastChange()).toEqual({
      method: 'PATCH',
      path: `/scholarships/${ID}`,
      body: { status: 'expired' },
    });
    catalogue([STORED], { status: 204 });
    expect((await send(`/scholarships/${ID}/delete`, {}, headers)).to).toBe('/scholarships?deleted=1');
    expect(lastChange()).toMatchObject({ method: 'DELETE', path: `/scholarships/${ID}` });
  });

  test('what somebody else has changed meanwhile is not overwritten unseen: the form says so, keeps what was typed, and may be sent again', async () => {
    catalogue([STORED]);
    expect((await send(`/scholarships/${ID}`, undefined, headers)).page).toContain(
      'name="revision" value="7"',
    );
    catalogue([STORED], { status: 412, body: { code: 'outdated', revision: 9 } });
    const { status, page } = await send(`/scholarships/${ID}`, { ...WRITTEN, revision: '7' }, headers);
    expect(status).toBe(409);
    expect(page).toContain('Somebody else has changed this scholarship');
    expect(page).toContain('value="Coast Grant"');
    expect(page).toContain('name="revision" value="9"');
    expect(rig.a2.requests.findLast(({ method }) => method === 'PATCH')?.headers['if-match']).toBe('"7"');
  });

  test("somebody else's is not there", async () => {
    catalogue([STORED], { status: 403, body: { code: 'forbidden' } });
    const foreign = `/scholarships/${randomUUID()}`;
    expect((await send(foreign, undefined, headers)).status).toBe(404);
    expect((await send(foreign, WRITTEN, headers)).status).toBe(404);
    expect((await send(`${foreign}/end`, {}, headers)).status).toBe(404);
    expect((await send('/scholarships/..%2Fmine/end', {}, headers)).status).toBe(404);
  });

  test.each([
    ['away', { status: 503, body: 'away' }],
    ['full of nonsense', { status: 200, body: { hello: 1 } }],
  ])('while scholarship_api is %s pages say so, and what was typed is kept', async (_how, answer) => {
    rig.answers.a2 = () => answer;
    const list = await send('/scholarships', undefined, headers);
    expect([list.status, list.page]).toEqual([200, expect.stringContaining('cannot be reached just now')]);
    const saved = await send('/scholarships', WRITTEN, headers);
    expect([saved.status, saved.page]).toEqual([200, expect.stringContaining('could not be saved')]);
    expect(saved.page).toContain('value="Coast Grant"');
    const changed = await send(`/scholarships/${ID}`, WRITTEN, headers);
    expect(changed.page).toContain(`action="/scholarships/${ID}"`);
    expect(changed.page).toContain('value="Coast Grant"');
  });
});
