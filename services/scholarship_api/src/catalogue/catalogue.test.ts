import { canaryEventId } from '@scholar/contract';
import { createServiceHarness, type ServiceHarness, waitFor } from '@scholar/runtime/testing';
import { SAMPLE_COUNT } from '../seed/load-samples.ts';
import { service } from '../service.ts';
import type { Scholarship } from './scholarship.ts';
import { askCatalogue, type Page } from './testing/ask-catalogue.ts';

let a2: ServiceHarness;
let get: ReturnType<typeof askCatalogue>['get'];

beforeAll(async () => {
  a2 = await createServiceHarness(service);
  ({ get } = askCatalogue(a2));
  await waitFor(async () => (await a2.pool.query('SELECT 1 FROM scholarships')).rowCount === SAMPLE_COUNT);
});
afterAll(() => a2.stop());

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
