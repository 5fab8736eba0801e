import { createServiceHarness, type ServiceHarness, waitFor } from '@scholar/runtime/testing';
import { SAMPLE_COUNT } from '../seed/load-samples.ts';
import { service } from '../service.ts';
import { FACET_NAMES, FACETS } from './conditions.ts';
import type { FacetCounts } from './facets.ts';
import type { Scholarship } from './scholarship.ts';
import { searchQuery } from './search-query.ts';
import { searchStatement } from './store.ts';

let a2: ServiceHarness;

beforeAll(async () => {
  a2 = await createServiceHarness(service);
  await waitFor(async () => (await a2.pool.query('SELECT 1 FROM scholarships')).rowCount === SAMPLE_COUNT);
});
afterAll(() => a2.stop());

async function get<T>(path: string): Promise<T> {
  const response = await a2.fetch(path);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as T;
}

/** Every scholarship of a search, page after page. */
async function allOf(query: string): Promise<Scholarship[]> {
  const found: Scholarship[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const from: string = cursor && `&cursor=${cursor}`;
    const page: { scholarships: Scholarship[]; next_cursor: string | null } = await get(
      `/scholarships?limit=200&${query}${from}`,
    );
    found.push(...page.scholarships);
    cursor = page.next_cursor;
  }
  return found;
}

const SEARCHES = [
  {},
  { q: 'nursing' },
  { field: 'physics', region: 'texas' },
  { q: 'research', degree: 'bachelor', citizenship: 'US', gpa: '3.1', income_band: '3', age: '19' },
  { min_amount_cents: '500000', deadline_to: '2999-01-01' },
  { q: 'no such words anywhere' },
];

test.each(SEARCHES)(
  'the counts of the search %j are those of its lists',
  async (search: Record<string, string>) => {
    const queryOf = (filters: Record<string, string>) => new URLSearchParams(filters).toString();
    const counts = await get<FacetCounts>(`/scholarships/facets?${queryOf(search)}`);
    expect(counts.total).toBe((await allOf(queryOf(search))).length);
    for (const name of FACET_NAMES) {
      const { [name]: _own, ...others } = search;
      const lists = (await allOf(queryOf(others))).map((one): readonly string[] => one[FACETS[name]]);
      const facet = counts.facets[name];
      expect([name, facet.open_to_all]).toEqual([name, lists.filter((list) => list.length === 0).length]);
      const expected = Map.groupBy(lists.flat(), (value) => value);
      expect(Object.fromEntries(facet.values.map(({ value, count }) => [value, count]))).toEqual(
        Object.fromEntries([...expected].map(([value, all]) => [value, all.length])),
      );
      const inOrder = facet.values.map(({ count }) => count);
      expect(inOrder).toEqual(inOrder.toSorted((a, b) => b - a));
    }
  },
);

test('what a person brings leaves out what they cannot have, and nothing else', async () => {
  const everything = await allOf('');
  const cases: [string, (one: Scholarship) => boolean][] = [
    ['gpa=3', (one) => one.min_gpa === null || one.min_gpa <= 3],
    ['income_band=3', (one) => one.max_income_band === null || one.max_income_band >= 3],
    ['age=19', (one) => (one.min_age ?? 0) <= 19 && (one.max_age ?? 200) >= 19],
    ['min_amount_cents=500000', (one) => one.amount_cents >= 500_000],
    ['degree=master', (one) => one.degree_levels.length === 0 || one.degree_levels.includes('master')],
    ['citizenship=ca', (one) => one.citizenships.length === 0 || one.citizenships.includes('CA')],
    ['deadline_to=2999-01-01', (one) => one.deadline !== null],
  ];
  for (const [query, fits] of cases) {
    const expected = everything.filter(fits).map(({ id }) => id);
    expect(expected.length).toBeLessThan(everything.length);
    expect([query, (await allOf(query)).map(({ id }) => id)]).toEqual([query, expected]);
  }
});

test('a filter that makes no sense is refused by its name', async () => {
  for (const query of ['degree=wizard', 'gpa=5', 'age=x', 'citizenship=USA', 'deadline_to=soon']) {
    const response = await a2.fetch(`/scholarships/facets?${query}`);
    expect([query, response.status]).toEqual([query, 422]);
    expect(await response.text()).toContain(`/${query.split('=')[0]}`);
  }
});

test('who asks for counts all the time is told to wait, and neither others nor our services are', async () => {
  const ask = (authorization: string) => a2.fetch('/scholarships/facets', { headers: { authorization } });
  const [busy, other] = [
    `Bearer ${await a2.identity.userToken()}`,
    `Bearer ${await a2.identity.userToken()}`,
  ];
  const answers = await Promise.all(Array.from({ length: 150 }, () => ask(busy)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(60);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(await refused[0]?.json()).toMatchObject({ code: 'rate_limited' });
  const service = `Bearer ${await a2.identity.serviceToken('student_pilot')}`;
  for (const authorization of [other, ...Array<string>(70).fill(service)])
    expect((await ask(authorization)).status).toBe(200);
  expect((await ask('Bearer nonsense')).status).toBe(401);
});

test('counts are no page view', async () => {
  const before = (await a2.events()).length;
  await get('/scholarships/facets?q=nursing');
  expect((await a2.events()).slice(before)).toEqual([]);
});

test('a page of the list is read in the order of its index, and nothing is sorted for it', async () => {
  const { text, values } = searchStatement(searchQuery.parse({}), false, undefined);
  const client = await a2.pool.connect();
  try {
    await client.query('BEGIN');
    // A sort is taken where there is no other way: few rows alone must not make it look cheap.
    await client.query('SET LOCAL enable_sort = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${text}`, values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('scholarships_published');
    expect(plan).not.toContain('Sort');
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});
