import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from '../service.ts';
import { expireOverdue } from './expiry.ts';
import type { Scholarship } from './scholarship.ts';
import { askCatalogue, type Page } from './testing/ask-catalogue.ts';

let a2: ServiceHarness;
let ask: ReturnType<typeof askCatalogue>;

beforeAll(async () => {
  a2 = await createServiceHarness(service, { env: { SAMPLE_DATA: 'false' } });
  ask = askCatalogue(a2);
});
afterAll(() => a2.stop());

const draft = { title: 'Harbour Pilots Grant', description: 'For pilots.', amount_cents: 250_000 };

test('a draft is seen by its owner alone until it is published', async () => {
  const [owner, other] = [await ask.provider('provider-1'), await ask.provider('provider-2')];
  const created = await ask.send('POST', '/scholarships', draft, owner);
  expect(created.status).toBe(201);
  const { id } = (await created.json()) as Scholarship;
  expect((await ask.get(`/scholarships/${id}`)).status).toBe(404);
  expect((await ask.get(`/scholarships/${id}`, { authorization: `Bearer ${other}` })).status).toBe(404);
  expect((await ask.get(`/scholarships/${id}`, { authorization: `Bearer ${owner}` })).status).toBe(200);
  const mine = await ask.get<Page>('/scholarships/mine', { authorization: `Bearer ${owner}` });
  expect(mine.body.scholarships.map((one) => one.id)).toContain(id);
  expect((await ask.send('PATCH', `/scholarships/${id}`, { status: 'published' }, other)).status).toBe(403);
  await ask.send('PATCH', `/scholarships/${id}`, { deadline: '2099-01-31' }, owner);
  expect(await (await ask.publish(id, 'provider-1')).json()).toMatchObject({
    status: 'published',
    deadline: '2099-01-31',
    title: draft.title,
    sample: false,
  });
  expect((await ask.get<Page>('/scholarships?q=harbour')).body.scholarships.map((one) => one.id)).toEqual([
    id,
  ]);
});

test('only providers may write, and what is wrong is named by its pointer', async () => {
  expect((await ask.send('POST', '/scholarships', draft)).status).toBe(401);
  expect((await ask.send('POST', '/scholarships', draft, await a2.identity.userToken())).status).toBe(403);
  const token = await ask.provider('provider-1');
  const wrong = await ask.send('POST', '/scholarships', { ...draft, currency: 'usd', colour: 'red' }, token);
  expect(wrong.status).toBe(422);
  expect(JSON.stringify(await wrong.json())).toContain('/currency');
  const ages = await ask.send('POST', '/scholarships', { ...draft, min_age: 30, max_age: 20 }, token);
  expect(JSON.stringify(await ages.json())).toContain('/max_age');
  const nothing = await ask.send(
    'PATCH',
    '/scholarships/00000000-0000-4000-8000-000000000000',
    { title: 'Other' },
    token,
  );
  expect(nothing.status).toBe(404);
});

test('a draft is deleted by its owner alone; what was published is ended, and may come back with a later day', async () => {
  const [owner, other] = [await ask.provider('provider-3'), await ask.provider('provider-4')];
  const headers = (token: string) => ({ authorization: `Bearer ${token}` });
  const make = async () =>
    ((await (await ask.send('POST', '/scholarships', draft, owner)).json()) as Scholarship).id;
  const remove = async (id: string, token: string) =>
    (await a2.fetch(`/scholarships/${id}`, { method: 'DELETE', headers: headers(token) })).status;
  const first = await make();
  expect([await remove(first, other), await remove(first, owner)]).toEqual([403, 204]);
  expect([await remove(first, owner), (await ask.get(`/scholarships/${first}`)).status]).toEqual([404, 404]);
  const second = await make();
  const become = async (change: object) =>
    (await ask.send('PATCH', `/scholarships/${second}`, change, owner)).status;
  expect(await become({ status: 'expired' })).toBe(422);
  expect(await become({ status: 'published', deadline: '2020-01-31' })).toBe(422);
  expect((await ask.publish(second, 'provider-3')).status).toBe(200);
  expect([await become({ status: 'draft' }), await remove(second, owner)]).toEqual([422, 422]);
  expect(await become({ status: 'expired' })).toBe(200);
  expect(await become({ status: 'published', deadline: '2099-01-31' })).toBe(200);
});

test('a provider reads the own ones page by page, newest first, each once, and by their status', async () => {
  const owner = await ask.provider('provider-9');
  const made: string[] = [];
  for (const status of ['draft', 'published', 'draft', 'published', 'draft']) {
    const created = await ask.send('POST', '/scholarships', draft, owner);
    const { id } = (await created.json()) as Scholarship;
    if (status === 'published') await ask.publish(id, 'provider-9');
    made.unshift(id);
  }
  const mine = async (query: string) =>
    (await ask.get<Page>(`/scholarships/mine?${query}`, { authorization: `Bearer ${owner}` })).body;
  const idsOf = ({ scholarships }: Page) => scholarships.map(({ id }) => id);
  const first = await mine('limit=2');
  const second = await mine(`limit=2&cursor=${first.next_cursor}`);
  const third = await mine(`limit=2&cursor=${second.next_cursor}`);
  expect([first, second, third].map(idsOf)).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)]);
  expect(third.next_cursor).toBeNull();
  expect(idsOf(await mine('status=published'))).toEqual([made[1], made[3]]);
  const other = (await ask.get<Page>('/scholarships?limit=1')).body.next_cursor;
  for (const query of [`cursor=${other}`, 'cursor=x', 'status=lost', 'limit=501'])
    expect([query, await mine(query)]).toMatchObject([query, { code: 'validation_failed' }]);
});

test('of two who change what they read, the second is told that it changed, and nothing is lost', async () => {
  const owner = await ask.provider('provider-6');
  const created = await ask.send('POST', '/scholarships', draft, owner);
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
  const { body } = await ask.get<Scholarship>(`/scholarships/${id}`, { authorization: `Bearer ${owner}` });
  expect((await change({}, `"${body.revision}"`, 'DELETE')).status).toBe(204);
});

test('many who change one scholarship at once without naming a revision are done one after the other', async () => {
  const owner = await ask.provider('provider-7');
  const { id } = (await (await ask.send('POST', '/scholarships', draft, owner)).json()) as Scholarship;
  const changes = ['title', 'description', 'amount_cents', 'min_gpa'].map((name) =>
    ask.send('PATCH', `/scholarships/${id}`, { [name]: name.includes('_') ? 3 : `Changed ${name}` }, owner),
  );
  expect((await Promise.all(changes)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const { body } = await ask.get<Scholarship>(`/scholarships/${id}`, { authorization: `Bearer ${owner}` });
  expect(body).toMatchObject({
    title: 'Changed title',
    description: 'Changed description',
    amount_cents: 3,
    min_gpa: 3,
  });
});

test('a day that no database knows is refused in words', async () => {
  const deadline = '0000-01-01';
  expect(
    (await ask.send('POST', '/scholarships', { ...draft, deadline }, await ask.provider('p-8'))).status,
  ).toBe(422);
  expect((await ask.get(`/scholarships?deadline_to=${deadline}`)).status).toBe(422);
});

test('what is published expires when its last day is over, and nothing else does', async () => {
  const owner = await ask.provider('provider-5');
  const created = await ask.send('POST', '/scholarships', draft, owner);
  const { id } = (await created.json()) as Scholarship;
  await ask.publish(id, 'provider-5');
  const statusOf = async () => (await ask.get<Scholarship>(`/scholarships/${id}`)).body.status;
  expect([await expireOverdue(a2.pool), await statusOf()]).toEqual([0, 'published']);
  await a2.pool.query('UPDATE scholarships SET deadline = current_date - 1 WHERE id = $1', [id]);
  expect([await expireOverdue(a2.pool), await statusOf()]).toEqual([1, 'expired']);
});
