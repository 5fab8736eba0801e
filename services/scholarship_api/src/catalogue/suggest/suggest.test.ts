import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import { service } from '../../service.ts';
import { scholarshipInput } from '../scholarship.ts';
import { insertScholarship, updateScholarship } from '../store.ts';
import { wordsStatement } from './vocabulary.ts';

let a2: ServiceHarness;
beforeAll(async () => {
  a2 = await createServiceHarness(service, { env: { SAMPLE_DATA: 'false' } });
  await add({ title: 'Marián Curie Fellowship for Nursing' });
  await add({ title: 'Harbour Pilots Grant', fields_of_study: ['computer-science'], regions: ['ohio'] });
  await add({ title: 'Stypendium Łódź', description: 'Für große Köche auf Ærø.' });
  await add({ title: 'Quiet Award', description: 'For midwives who study robotics.' });
  await add({ title: 'Velvet Award', status: 'draft' });
  await add({ title: 'Lantern Award', deadline: '2020-01-31' });
});
afterAll(() => a2.stop());

const add = (traits: object) =>
  insertScholarship(
    a2.pool,
    scholarshipInput.parse({ description: 'Nothing more.', amount_cents: 1, status: 'published', ...traits }),
    { id: crypto.randomUUID(), ownerProviderId: 'p-1' },
  );

async function ask(query: Record<string, string>) {
  const response = await a2.fetch(`/scholarships?${new URLSearchParams(query)}`);
  expect([query, response.status]).toEqual([query, 200]);
  return (await response.json()) as { scholarships: unknown[]; did_you_mean?: string };
}

test.each([
  ['nursng', 'nursing'],
  ['Felowship for Nurcing', 'fellowship for nursing'],
  ['harbor pilots', 'harbour pilots'],
  ['computre', 'computer'],
  ['marián curei', 'marián curie'],
  ['stypnedium Łódź', 'stypendium Łódź'],
  ['große stypnedium', 'große stypendium'],
  ['"harbuor pilots" -nursing', '"harbour pilots" -nursing'],
])('%j finds nothing: %j is meant, and finds something', async (q, meant) => {
  expect(await ask({ q })).toEqual({ scholarships: [], next_cursor: null, did_you_mean: meant });
  expect(await ask({ q })).toMatchObject({ did_you_mean: meant });
  expect((await ask({ q: meant })).scholarships.length).toBeGreaterThan(0);
});

test.each([
  ['what finds something', { q: 'nursing' }],
  ['what is known, and is not together', { q: 'nursing pilots' }],
  ['words that say nothing', { q: 'from with' }],
  ['what is like nothing', { q: 'xyzzyq' }],
  ['one of two that is like nothing', { q: 'nursng xyzzyq' }],
  ['what would find nothing with these filters', { q: 'harbuor', region: 'texas' }],
  ['a word that is excluded', { q: 'nursing -nursing' }],
  ['no words', { region: 'nowhere' }],
  ['a draft', { q: 'velvte' }],
  ['what is over', { q: 'lantren' }],
])('nothing is suggested for %s', async (_what, query) => {
  expect(await ask(query)).not.toHaveProperty('did_you_mean');
});

test('a filter that the suggestion fits stays; it is told on the first page alone', async () => {
  const { did_you_mean: meant } = await ask({ q: 'harbuor', region: 'ohio' });
  expect(meant).toBe('harbour');
});

test('what is published, renamed and ended is known from its commit on', async () => {
  expect(await ask({ q: 'zephir' })).not.toHaveProperty('did_you_mean');
  const made = await add({ title: 'Zephyr Award', status: 'draft' });
  expect(await ask({ q: 'zephir' })).not.toHaveProperty('did_you_mean');
  const published = await updateScholarship(a2.pool, made, { status: 'published' });
  expect((await ask({ q: 'zephir' })).did_you_mean).toBe('zephyr');
  if (!published) throw new Error('it was not published');
  const renamed = await updateScholarship(a2.pool, published, { title: 'Monsoon Award' });
  expect([(await ask({ q: 'zephir' })).did_you_mean, (await ask({ q: 'monson' })).did_you_mean]).toEqual([
    undefined,
    'monsoon',
  ]);
  if (!renamed) throw new Error('it was not renamed');
  await updateScholarship(a2.pool, renamed, { status: 'expired' });
  expect(await ask({ q: 'monson' })).not.toHaveProperty('did_you_mean');
});

test('what changed is read by the index of revisions, a slice at a time', async () => {
  const { text, values } = wordsStatement(0, 2);
  const client = await a2.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL enable_seqscan = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${text}`, values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('scholarships_revision');
    expect(plan).not.toMatch(/Sort Key: .*revision/);
    const slice = await client.query<{ seen: number }>(text, values);
    expect(slice.rows[0]?.seen).toBe(2);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});
