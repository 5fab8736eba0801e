import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import fc from 'fast-check';
import { countFacets } from './facets.ts';
import { type ScholarshipInput, scholarshipInput } from './scholarship.ts';
import { searchQuery } from './search-query.ts';
import { insertScholarship, searchScholarships } from './store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrations: new URL('../../migrations', import.meta.url) });
});
afterAll(() => database.drop());

const WORDS = ['harbour', 'pilots', 'nursing', 'oak', 'music', 'rivers'];
const phrase = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 6 })
  .map((words) => words.join(' '));
/** Few values, so that many rows are alike in all that an order could go by but their id. */
const scholarships: fc.Arbitrary<ScholarshipInput> = fc
  .record({
    title: phrase.map((words) => `The ${words}`),
    description: phrase,
    status: fc.constantFrom('published', 'published', 'published', 'draft'),
    fields_of_study: fc.subarray(['law', 'arts']),
    regions: fc.subarray(['ohio']),
    deadline: fc.constantFrom(null, '2090-01-01', '2090-01-02', '2020-01-01'),
  })
  .map((some) => scholarshipInput.parse({ ...some, amount_cents: 1 }));
const searches = fc.record(
  {
    q: fc.constantFrom('oak', 'nurs', 'harbour pilots', 'oak or music', 'rivers -oak', '"oak music"'),
    field: fc.constantFrom('law', 'arts'),
    region: fc.constantFrom('ohio', 'texas'),
  },
  { requiredKeys: [] },
);

const insert = (input: ScholarshipInput) =>
  insertScholarship(database.pool, input, { id: crypto.randomUUID(), ownerProviderId: 'p-1' });

/** Every id of a search, page by page; `between` is done after each page but the last. */
async function walk(
  search: object,
  limit: number,
  between: () => Promise<unknown> = async () => {},
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await searchScholarships(database.pool, searchQuery.parse({ ...search, limit, cursor }));
    if (page === undefined) throw new Error('a cursor of ours was refused');
    ids.push(...page.scholarships.map(({ id }) => id));
    if (page.next_cursor === null) return ids;
    cursor = page.next_cursor;
    await between();
  }
}

test('pages of any size give each scholarship once, in one order, as many as the facets count; also while others publish', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(scholarships, { minLength: 5, maxLength: 25 }),
      searches,
      fc.integer({ min: 1, max: 7 }),
      fc.infiniteStream(scholarships),
      async (all, search, limit, more) => {
        await database.pool.query('TRUNCATE scholarships');
        for (const one of all) await insert(one);
        const whole = await walk(search, 200);
        expect(await walk(search, limit)).toEqual(whole);
        expect(new Set(whole).size).toBe(whole.length);
        expect((await countFacets(database.pool, searchQuery.parse(search))).total).toBe(whole.length);
        const known = new Set(whole);
        const meanwhile = await walk(search, limit, async () => insert(more.next().value));
        expect(meanwhile.filter((id) => known.has(id))).toEqual(whole);
        expect(new Set(meanwhile).size).toBe(meanwhile.length);
      },
    ),
    { numRuns: 40, endOnFailure: true },
  );
});
