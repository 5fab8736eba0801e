import { randomUUID } from 'node:crypto';
import { FORM } from '../testing/browse.ts';
import {
  ID,
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
let signedInAs: ProviderAtWork['signedInAs'];
let subject: string;
let providerId: string;

beforeAll(async () => {
  ({ rig, send, headers, catalogue, lastChange, signedInAs, subject, providerId } =
    await startProviderAtWork());
});
afterAll(() => rig.close());

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
      '/password/change',
      '/scholarships',
      `/scholarships/${randomUUID()}/end`,
    ])
      expect([path, (await send(path, FORM, headers)).status]).toEqual([path, 403]);
  });
});

describe('the scholarships of a provider', () => {
  const publish = () => send(`/scholarships/${ID}`, { ...WRITTEN, intent: 'publish' }, headers);

  test('are asked for with the token of who is signed in, and listed with their state', async () => {
    catalogue([STORED]);
    const { status, page } = await send('/scholarships', undefined, headers);
    expect(status).toBe(200);
    expect(page).toContain(`href="/scholarships/${ID}">Coast Grant`);
    expect(page).toContain('draft');
    expect(page).toContain('$2,500<');
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

  test('without a paid listing nothing is published; with one it is, once', async () => {
    const used = new Set<string>();
    catalogue([STORED], ({ path, body }) => {
      if (!path.endsWith('/publish')) return { status: 200, body: STORED };
      if (used.size >= JSON.parse(body).listings) return { status: 403, body: { code: 'listing_unpaid' } };
      used.add(path);
      return { status: 200, body: { ...STORED, status: 'published' } };
    });
    expect((await publish()).to).toBe(`/scholarships/${ID}?unpaid=1`);
    await pay();
    expect(await publish()).toMatchObject({ status: 303, to: `/scholarships/${ID}?published=1` });
    expect((await publish()).to).toBe(`/scholarships/${ID}?unpaid=1`);
  });

  test('what is to be published is saved first, in the name of its owner, and published in our own with what was paid', async () => {
    catalogue([STORED]);
    expect((await publish()).to).toBe(`/scholarships/${ID}?published=1`);
    const [saved, asked] = rig.a2.requests.slice(-2);
    expect(JSON.parse(saved?.body ?? '')).not.toHaveProperty('status');
    expect(asked).toMatchObject({ method: 'POST', path: `/scholarships/${ID}/publish` });
    expect(asked?.headers['if-match']).toBe('"7"');
    expect(asked?.headers.authorization).not.toBe(saved?.headers.authorization);
    expect(JSON.parse(asked?.body ?? '')).toEqual({ owner_provider_id: subject, listings: 1 });
  });

  test.each([
    ['no listing is left', { status: 403, body: { code: 'listing_unpaid' } }, 'needs a paid listing'],
    ['it is away', { status: 503, body: 'away' }, 'could not be published just now'],
    ['it knows of no publishing', { status: 404, body: { code: 'not_found' } }, 'could not be published'],
    ['it changed again', { status: 412, body: { code: 'outdated', revision: 8 } }, 'could not be published'],
  ])(
    'where scholarship_api does not publish (%s), it stays saved as a draft, and the page says why',
    async (_why, answer, said) => {
      catalogue([STORED], ({ path }) => (path.endsWith('/publish') ? answer : { status: 200, body: STORED }));
      const { status, to } = await publish();
      expect(status).toBe(303);
      const { page } = await send(to ?? '', undefined, headers);
      expect(page).toContain('The draft is saved');
      expect(page).toContain(said);
    },
  );

  test('what cannot be published as it is, is said beside its field, and the form goes on with what is saved', async () => {
    const errors = [{ pointer: '/deadline', expected: 'today or later' }];
    catalogue([STORED], ({ path }) =>
      path.endsWith('/publish')
        ? { status: 422, body: { code: 'validation_failed', errors } }
        : { status: 200, body: { ...STORED, revision: 8 } },
    );
    const { status, page } = await publish();
    expect(status).toBe(422);
    expect(page).toContain('The draft is saved, but it cannot be published like this');
    expect(page).toContain('id="field-deadline-error">This has to be today or later');
    expect(page).toContain('name="revision" value="8"');
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
    const edited = lastChange();
    expect(edited).toMatchObject({ method: 'PATCH', body: { title: 'Coast Grant II' } });
    expect(edited.body).not.toHaveProperty('status');
    catalogue([{ ...STORED, status: 'expired' }], { status: 200, body: { ...STORED, status: 'published' } });
    await publish();
    expect(lastChange()).toMatchObject({ method: 'PATCH', body: { status: 'published' } });
    catalogue([{ ...STORED, status: 'published' }]);
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
