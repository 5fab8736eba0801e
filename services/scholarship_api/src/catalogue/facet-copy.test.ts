import { inTransaction } from '@scholar/runtime/db';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import fc from 'fast-check';
import { loadSamples } from '../seed/load-samples.ts';
import { FIELDS, REGIONS } from '../seed/vocabulary.ts';
import { expireOverdue } from './expiry.ts';
import { createFacetCopy } from './facet-copy.ts';
import { countFacets } from './facets.ts';
import { scholarshipInput } from './scholarship.ts';
import { type Filters, filters as filtersSchema } from './search-query.ts';
import { insertScholarship, updateScholarship } from './store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrations: new URL('../../migrations', import.meta.url) });
  await inTransaction(database.pool, (tx) => loadSamples(tx, Date.now()));
});
afterAll(() => database.drop());

const searches: fc.Arbitrary<Filters> = fc
  .record(
    {
      degree: fc.constantFrom('bachelor', 'master', 'vocational'),
      field: fc.constantFrom(...FIELDS.map(({ id }) => id), 'nonsense'),
      region: fc.constantFrom(...REGIONS.map(({ id }) => id)),
      citizenship: fc.constantFrom('US', 'IN', 'DE'),
      gpa: fc.constantFrom('2.8', '3', '4'),
      income_band: fc.integer({ min: 1, max: 5 }),
      age: fc.constantFrom('17', '20', '25', '60'),
      min_amount_cents: fc.constantFrom('100000', '2000000'),
      deadline_to: fc.constantFrom('2000-01-01', new Date(Date.now() + 1e10).toISOString().slice(0, 10)),
    },
    { requiredKeys: [] },
  )
  .map((asked) => filtersSchema.parse(asked));

const DRAFT = scholarshipInput.parse({ title: 'Halcyon Grant', description: 'For pilots.', amount_cents: 1 });
const add = (status: 'draft' | 'published', id: string = crypto.randomUUID()) =>
  insertScholarship(
    database.pool,
    { ...DRAFT, status, regions: ['atlantis'] },
    { id, ownerProviderId: 'p-1' },
  );

test('counts out of memory are those of the database, whatever is asked', async () => {
  const copy = createFacetCopy(database.pool, 150);
  await fc.assert(
    fc.asyncProperty(searches, async (search) => {
      expect(await copy.count(search)).toEqual(await countFacets(database.pool, search));
    }),
    { numRuns: 60 },
  );
});

test('each replica counts a publication, a change, an end and a deletion from the moment of its commit', async () => {
  const replicas = [createFacetCopy(database.pool), createFacetCopy(database.pool, 3)];
  const inAtlantis = async () => {
    const counts = await Promise.all(replicas.map((replica) => replica.count({ region: 'atlantis' })));
    const expected = await countFacets(database.pool, { region: 'atlantis' });
    for (const count of counts) expect(count).toEqual(expected);
    return expected.facets.region.values.find(({ value }) => value === 'atlantis')?.count ?? 0;
  };
  expect(await inAtlantis()).toBe(0);
  const draft = await add('draft');
  expect(await inAtlantis()).toBe(0);
  const published = await updateScholarship(database.pool, draft, { status: 'published' });
  const other = await add('published');
  expect([published?.status, await inAtlantis()]).toEqual(['published', 2]);
  await updateScholarship(database.pool, other, { regions: ['lemuria'] });
  expect(await inAtlantis()).toBe(1);
  await database.pool.query('UPDATE scholarships SET deadline = current_date - 1 WHERE id = $1', [draft.id]);
  expect(await inAtlantis()).toBe(0);
  expect([await expireOverdue(database.pool), await inAtlantis()]).toEqual([1, 0]);
  const third = await add('published');
  expect(await inAtlantis()).toBe(1);
  await database.pool.query('DELETE FROM scholarships WHERE id = $1', [third.id]);
  expect(await inAtlantis()).toBe(0);
  await add('published');
  expect(await inAtlantis()).toBe(1);
  await database.pool.query('TRUNCATE scholarships');
  expect(await inAtlantis()).toBe(0);
});

test('what a writer has not committed is not counted, and nobody who commits after it is missed', async () => {
  const copy = createFacetCopy(database.pool);
  const total = async () => (await copy.count({})).total;
  const before = await total();
  const slow = await database.pool.connect();
  try {
    await slow.query('BEGIN');
    await insertScholarship(
      slow,
      { ...DRAFT, status: 'published' },
      { id: crypto.randomUUID(), ownerProviderId: 'p-1' },
    );
    const quick = add('published');
    expect(await total()).toBe(before);
    await slow.query('COMMIT');
    await quick;
  } finally {
    slow.release();
  }
  expect(await total()).toBe(before + 2);
});

test('many who ask at once share what is read, and each sees what was committed before it asked', async () => {
  let reads = 0;
  const copy = createFacetCopy({
    query: ((...call: Parameters<typeof database.pool.query>) => {
      reads += 1;
      return database.pool.query(...call);
    }) as typeof database.pool.query,
  });
  const early = Array.from({ length: 50 }, () => copy.count({}));
  await add('published');
  const late = await copy.count({});
  expect(late).toEqual(await countFacets(database.pool, {}));
  await Promise.all(early);
  expect(reads).toBeLessThan(5);
});

test('a database that was away is asked again by the next', async () => {
  let away = true;
  const copy = createFacetCopy({
    query: ((...call: Parameters<typeof database.pool.query>) => {
      if (away) return Promise.reject(new Error('gone'));
      return database.pool.query(...call);
    }) as typeof database.pool.query,
  });
  const both = await Promise.allSettled([copy.count({}), copy.count({})]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  away = false;
  expect(await copy.count({})).toEqual(await countFacets(database.pool, {}));
});
