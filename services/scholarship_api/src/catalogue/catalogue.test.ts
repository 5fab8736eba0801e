import { canaryEventId } from '@scholar/contract';
import { createServiceHarness, type ServiceHarness, waitFor } from '@scholar/runtime/testing';
import { SAMPLE_COUNT } from '../seed/load-samples.ts';
import { service } from '../service.ts';
import { expireOverdue } from './expiry.ts';
import type { Scholarship } from './scholarship.ts';

type Page = { scholarships: Scholarship[]; next_cursor: string | null };

let a2: ServiceHarness;

beforeAll(async () => {
  a2 = await createServiceHarness(service);
  await waitFor(async () => (await a2.pool.query('SELECT 1 FROM scholarships')).rowCount === SAMPLE_COUNT);
});
afterAll(() => a2.stop());

async function get<T>(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: T }> {
  const response = await a2.fetch(path, { headers });
  return { status: response.status, body: (await response.json()) as T };
}

async function send(method: string, path: string, body: unknown, token?: string): Promise<Response> {
  return a2.fetch(path, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
}

const viewsSince = async (count: number) => (await a2.events()).slice(count);

test('an empty catalogue is filled once with several hundred samples that say so', async () => {
  const { rows } = await a2.pool.query(
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE sample AND status = 'published')::int AS samples FROM scholarships`,
  );
  expect(rows[0]).toEqual({ all: SAMPLE_COUNT, samples: SAMPLE_COUNT });
});

test('paging by cursor visits every scholarship once, by deadline', async () => {
  const seen: Scholarship[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { body: Page } = await get<Page>(`/scholarships?limit=33${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.body.scholarships);
    cursor = page.body.next_cursor;
  }
  expect(new Set(seen.map(({ id }) => id)).size).toBe(SAMPLE_COUNT);
  const deadlines = seen.map(({ deadline }) => deadline ?? '9999');
  expect(deadlines).toEqual([...deadlines].sort());
});

test('a search ranks titles first, pages without repetition, and stems words', async () => {
  const first = (await get<Page>('/scholarships?q=nurses+grants&limit=3')).body;
  const words = (await get<Page>('/scholarships?q=nursing&limit=5')).body;
  expect(words.scholarships[0]?.title).toContain('Nursing');
  expect(first.scholarships.length).toBeGreaterThanOrEqual(0);
  const next = (await get<Page>(`/scholarships?q=nursing&limit=5&cursor=${words.next_cursor}`)).body;
  const ids = [...words.scholarships, ...next.scholarships].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('field and region also find what is open to all', async () => {
  const { body } = await get<Page>('/scholarships?field=physics&region=texas&limit=200');
  expect(body.scholarships.length).toBeGreaterThan(0);
  for (const one of body.scholarships) {
    expect(one.fields_of_study.length === 0 || one.fields_of_study.includes('physics')).toBe(true);
    expect(one.regions.length === 0 || one.regions.includes('texas')).toBe(true);
  }
});

test('odd queries find nothing or are refused in words, and never fail', async () => {
  expect(
    (await get<Page>(`/scholarships?q=${encodeURIComponent("'; DROP TABLE scholarships; -- <&|!")}`)).status,
  ).toBe(200);
  for (const query of ['limit=0', 'limit=x', 'cursor=nonsense', 'q=a&cursor=nonsense']) {
    const { status, body } = await get<{ code: string }>(`/scholarships?${query}`);
    expect([query, status, body.code]).toEqual([query, 422, 'validation_failed']);
  }
  const listCursor = (await get<Page>('/scholarships?limit=1')).body.next_cursor;
  expect((await get(`/scholarships?q=nursing&cursor=${listCursor}`)).status).toBe(422);
  expect((await get('/scholarships/not-an-id')).status).toBe(404);
  expect((await get('/scholarships/00000000-0000-4000-8000-000000000000')).status).toBe(404);
});

/** Of somebody who agreed on a page that visits are counted. */
const CONSENT = { cookie: 'scholar_consent=views' };

test('without consent nobody who looks at the catalogue is counted', async () => {
  const before = (await a2.events()).length;
  const student = { authorization: `Bearer ${await a2.identity.userToken({ subject: 'student-0' })}` };
  expect((await get('/scholarships', { cookie: 'scholar_consent=none' })).status).toBe(200);
  expect((await get('/scholarships', student)).status).toBe(200);
  expect(await viewsSince(before)).toEqual([]);
});

test('with consent list and detail are page views of who looked, without a word of the search', async () => {
  const before = (await a2.events()).length;
  const student = { authorization: `Bearer ${await a2.identity.userToken({ subject: 'student-1' })}` };
  const { body } = await get<Page>('/scholarships?q=nursing&limit=1', CONSENT);
  await get(`/scholarships/${body.scholarships[0]?.id}`, { ...student, ...CONSENT });
  const views = await viewsSince(before);
  expect(views.map(({ event }) => event)).toMatchObject([
    { event_type: 'PageView', actor_id: 'anonymous', source: '/scholarships', payload: {} },
    {
      actor_id: 'student-1',
      source: '/scholarships/{id}',
      payload: { scholarship_id: body.scholarships[0]?.id },
    },
  ]);
  expect(JSON.stringify(views)).not.toContain('nursing');
});

test('a service that reads the catalogue makes no page view', async () => {
  const before = (await a2.events()).length;
  const token = await a2.identity.serviceToken('scholarship_agent');
  const service = { ...CONSENT, authorization: `Bearer ${token}` };
  expect((await get('/scholarships', service)).status).toBe(200);
  expect(await viewsSince(before)).toEqual([]);
});

test('a canary is a simulated page view under the id that its prober knows, without consent; a forged one is a plain view', async () => {
  const before = (await a2.events()).length;
  await get('/scholarships', { 'x-scholar-canary': a2.canaryToken('probe-2') });
  await get('/scholarships', {
    ...CONSENT,
    'x-scholar-canary': 'probe-2.9999999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  });
  const [canary, plain] = await viewsSince(before);
  const identity = {
    key: a2.canaryKey,
    canaryId: 'probe-2',
    label: 'scholarship_api',
    eventType: 'PageView',
  };
  expect(canary).toMatchObject({
    eventId: canaryEventId(identity),
    event: { actor_id: 'canary', payload: { simulated: true } },
  });
  expect(plain?.event).toMatchObject({ actor_id: 'anonymous', payload: {} });
});

test('a forged token is refused', async () => {
  expect((await get('/scholarships', { authorization: 'Bearer nonsense' })).status).toBe(401);
});

describe('providers', () => {
  const draft = { title: 'Harbour Pilots Grant', description: 'For pilots.', amount_cents: 250_000 };
  const provider = (subject: string) => a2.identity.userToken({ subject, roles: ['provider'] });

  test('a draft is seen by its owner alone until it is published', async () => {
    const [owner, other] = [await provider('provider-1'), await provider('provider-2')];
    const created = await send('POST', '/scholarships', draft, owner);
    expect(created.status).toBe(201);
    const { id } = (await created.json()) as Scholarship;
    expect((await get(`/scholarships/${id}`)).status).toBe(404);
    expect((await get(`/scholarships/${id}`, { authorization: `Bearer ${other}` })).status).toBe(404);
    expect((await get(`/scholarships/${id}`, { authorization: `Bearer ${owner}` })).status).toBe(200);
    const mine = await get<Page>('/scholarships/mine', { authorization: `Bearer ${owner}` });
    expect(mine.body.scholarships.map((one) => one.id)).toContain(id);
    expect((await send('PATCH', `/scholarships/${id}`, { status: 'published' }, other)).status).toBe(403);
    const changed = await send(
      'PATCH',
      `/scholarships/${id}`,
      { status: 'published', deadline: '2099-01-31' },
      owner,
    );
    expect(await changed.json()).toMatchObject({
      status: 'published',
      deadline: '2099-01-31',
      title: draft.title,
      sample: false,
    });
    expect((await get<Page>('/scholarships?q=harbour')).body.scholarships.map((one) => one.id)).toEqual([id]);
  });

  test('only providers may write, and what is wrong is named by its pointer', async () => {
    expect((await send('POST', '/scholarships', draft)).status).toBe(401);
    expect((await send('POST', '/scholarships', draft, await a2.identity.userToken())).status).toBe(403);
    const token = await provider('provider-1');
    const wrong = await send('POST', '/scholarships', { ...draft, currency: 'usd', colour: 'red' }, token);
    expect(wrong.status).toBe(422);
    expect(JSON.stringify(await wrong.json())).toContain('/currency');
    const ages = await send('POST', '/scholarships', { ...draft, min_age: 30, max_age: 20 }, token);
    expect(JSON.stringify(await ages.json())).toContain('/max_age');
    const nothing = await send(
      'PATCH',
      '/scholarships/00000000-0000-4000-8000-000000000000',
      { title: 'Other' },
      token,
    );
    expect(nothing.status).toBe(404);
  });

  test('a draft is deleted by its owner alone; what was published is ended, and may come back with a later day', async () => {
    const [owner, other] = [await provider('provider-3'), await provider('provider-4')];
    const headers = (token: string) => ({ authorization: `Bearer ${token}` });
    const make = async () =>
      ((await (await send('POST', '/scholarships', draft, owner)).json()) as Scholarship).id;
    const remove = async (id: string, token: string) =>
      (await a2.fetch(`/scholarships/${id}`, { method: 'DELETE', headers: headers(token) })).status;
    const first = await make();
    expect([await remove(first, other), await remove(first, owner)]).toEqual([403, 204]);
    expect([await remove(first, owner), (await get(`/scholarships/${first}`)).status]).toEqual([404, 404]);
    const second = await make();
    const become = async (change: object) =>
      (await send('PATCH', `/scholarships/${second}`, change, owner)).status;
    expect(await become({ status: 'expired' })).toBe(422);
    expect(await become({ status: 'published', deadline: '2020-01-31' })).toBe(422);
    expect(await become({ status: 'published' })).toBe(200);
    expect([await become({ status: 'draft' }), await remove(second, owner)]).toEqual([422, 422]);
    expect(await become({ status: 'expired' })).toBe(200);
    expect(await become({ status: 'published', deadline: '2099-01-31' })).toBe(200);
  });

  test('a provider reads the own ones page by page, newest first, each once, and by their status', async () => {
    const owner = await provider('provider-9');
    const made: string[] = [];
    for (const status of ['draft', 'published', 'draft', 'published', 'draft']) {
      const created = await send('POST', '/scholarships', { ...draft, status }, owner);
      made.unshift(((await created.json()) as Scholarship).id);
    }
    const mine = async (query: string) =>
      (await get<Page>(`/scholarships/mine?${query}`, { authorization: `Bearer ${owner}` })).body;
    const idsOf = ({ scholarships }: Page) => scholarships.map(({ id }) => id);
    const first = await mine('limit=2');
    const second = await mine(`limit=2&cursor=${first.next_cursor}`);
    const third = await mine(`limit=2&cursor=${second.next_cursor}`);
    expect([first, second, third].map(idsOf)).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)]);
    expect(third.next_cursor).toBeNull();
    expect(idsOf(await mine('status=published'))).toEqual([made[1], made[3]]);
    const other = (await get<Page>('/scholarships?limit=1')).body.next_cursor;
    for (const query of [`cursor=${other}`, 'cursor=x', 'status=lost', 'limit=501'])
      expect([query, await mine(query)]).toMatchObject([query, { code: 'validation_failed' }]);
  });

  test('of two who change what they read, the second is told that it changed, and nothing is lost', async () => {
    const owner = await provider('provider-6');
    const created = await send('POST', '/scholarships', draft, owner);
    const { id, revision } = (await created.json()) as Scholarship;
    expect(created.headers.get('etag')).toBe(`"${revision}"`);
    const change = (body: object, ifMatch: string, method = 'PATCH') =>
      a2.fetch(`/scholarships/${id}`, {
        method,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${owner}`,
          'if-match': ifMatch,
        },
        body: JSON.stringify(body),
      });
    const read = `"${revision}"`;
    const both = await Promise.all([change({ title: 'First' }, read), change({ title: 'Second' }, read)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    const [done, late] = both[0]?.status === 200 ? both : both.toReversed();
    const kept = (await done?.json()) as Scholarship;
    const now = await a2.fetch(`/scholarships/${id}`, { headers: { authorization: `Bearer ${owner}` } });
    expect([await now.json(), now.headers.get('etag')]).toEqual([kept, `"${kept.revision}"`]);
    expect(await late?.json()).toMatchObject({ code: 'outdated', revision: kept.revision });
    for (const tag of ['"0"', `W/"${kept.revision}"`, 'nonsense', read])
      expect([tag, (await change({ title: 'Third' }, tag)).status]).toEqual([tag, 412]);
    expect((await change({}, read, 'DELETE')).status).toBe(412);
    expect((await change({ title: 'Third' }, `"0", "${kept.revision}"`)).status).toBe(200);
    expect((await change({ title: 'Fourth' }, '*')).status).toBe(200);
    const { body } = await get<Scholarship>(`/scholarships/${id}`, { authorization: `Bearer ${owner}` });
    expect((await change({}, `"${body.revision}"`, 'DELETE')).status).toBe(204);
  });

  test('many who change one scholarship at once without naming a revision are done one after the other', async () => {
    const owner = await provider('provider-7');
    const { id } = (await (await send('POST', '/scholarships', draft, owner)).json()) as Scholarship;
    const changes = ['title', 'description', 'amount_cents', 'min_gpa'].map((name) =>
      send('PATCH', `/scholarships/${id}`, { [name]: name.includes('_') ? 3 : `Changed ${name}` }, owner),
    );
    expect((await Promise.all(changes)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { body } = await get<Scholarship>(`/scholarships/${id}`, { authorization: `Bearer ${owner}` });
    expect(body).toMatchObject({
      title: 'Changed title',
      description: 'Changed description',
      amount_cents: 3,
      min_gpa: 3,
    });
  });

  test('a day that no database knows is refused in words', async () => {
    const deadline = '0000-01-01';
    expect((await send('POST', '/scholarships', { ...draft, deadline }, await provider('p-8'))).status).toBe(
      422,
    );
    expect((await get(`/scholarships?deadline_to=${deadline}`)).status).toBe(422);
  });

  test('what is published expires when its last day is over, and nothing else does', async () => {
    const owner = await provider('provider-5');
    const created = await send('POST', '/scholarships', { ...draft, status: 'published' }, owner);
    const { id } = (await created.json()) as Scholarship;
    const statusOf = async () => (await get<Scholarship>(`/scholarships/${id}`)).body.status;
    expect([await expireOverdue(a2.pool), await statusOf()]).toEqual([0, 'published']);
    await a2.pool.query('UPDATE scholarships SET deadline = current_date - 1 WHERE id = $1', [id]);
    expect([await expireOverdue(a2.pool), await statusOf()]).toEqual([1, 'expired']);
  });
});
