import { createServiceHarness, type ServiceHarness } from '@scholar/runtime/testing';
import fc from 'fast-check';
import { service } from '../service.ts';
import { scholarshipInput } from './scholarship.ts';
import { insertScholarship } from './store.ts';
import { lastWord } from './words.ts';

let a2: ServiceHarness;

const TITLES = [
  'Marián Curie Fellowship for Nursing',
  'Überlingen Robotics Award',
  'Grant for Łódź Weavers',
  'Straße und Brücke Bursary',
  'Ocean Scholarship',
];

beforeAll(async () => {
  a2 = await createServiceHarness(service, { env: { SAMPLE_DATA: 'false' } });
  for (const title of TITLES) await add({ title });
  await add({ title: 'Lantern Award', description: 'For nurses who study robotics by night.' });
  await add({ title: 'Quiet Award', fields_of_study: ['social-work'] });
});
afterAll(() => a2.stop());

async function add(traits: { title: string; description?: string; fields_of_study?: string[] }) {
  const input = { description: 'Nothing more.', amount_cents: 1, status: 'published', ...traits };
  const identity = { id: crypto.randomUUID(), ownerProviderId: 'p-1' };
  await insertScholarship(a2.pool, scholarshipInput.parse(input), identity);
}

async function found(q: string): Promise<string[]> {
  const response = await a2.fetch(`/scholarships?${new URLSearchParams({ q })}`);
  expect([q, response.status]).toEqual([q, 200]);
  const { scholarships } = (await response.json()) as { scholarships: { title: string }[] };
  return scholarships.map(({ title }) => title);
}

test.each([
  ['a word is found by another form of it', 'nurse fellowships', ['Marián Curie Fellowship for Nursing']],
  ['accents may be left out', 'marian', ['Marián Curie Fellowship for Nursing']],
  ['accents may be added', 'ócean', ['Ocean Scholarship']],
  ['combining accents are the same', 'U\u0308berlingen', ['Überlingen Robotics Award']],
  ['letters with a stroke are the plain ones', 'lodz', ['Grant for Łódź Weavers']],
  ['ß is ss', 'strasse', ['Straße und Brücke Bursary']],
  ['the last word may be only begun', 'uberling', ['Überlingen Robotics Award']],
  ['also where a stem is shorter than what was typed', 'nursi', ['Marián Curie Fellowship for Nursing']],
  ['a begun word narrows what stands before it', 'robotics lant', ['Lantern Award']],
  ['a word that says nothing asks for nothing', 'ocean for', ['Ocean Scholarship']],
  ['a field is found by its words', 'social work', ['Quiet Award']],
  ['what is excluded stays excluded', 'robotics -lantern', ['Überlingen Robotics Award']],
  ['a phrase stays a phrase', '"study robotics"', ['Lantern Award']],
  ['either of two', 'ocean or lodz', ['Ocean Scholarship', 'Grant for Łódź Weavers']],
])('%s: %s', async (_promise, q, titles) => {
  expect((await found(q)).sort()).toEqual([...titles].sort());
});

test('a word in the title ranks above one in the description', async () => {
  expect(await found('robotics')).toEqual(['Überlingen Robotics Award', 'Lantern Award']);
});

test.each([
  ['robotics lant', { rest: 'robotics ', last: 'lant' }],
  ['nurs', { rest: '', last: 'nurs' }],
  ['"rural prac', undefined],
  ['"rural practice"', undefined],
  ['oak -mus', undefined],
  ['oak or mus', undefined],
  ['oak or', undefined],
  ['a', undefined],
  ['', undefined],
])('of %j somebody may be typing %j', (query, expected) => {
  expect(lastWord(query)).toEqual(expected);
});

/** Everything that means something to a tsquery, to SQL or to JSON, and what no text may hold. */
const HOSTILE = [
  '&',
  '|',
  '!',
  ':*',
  ':A',
  '<->',
  '(',
  ')',
  "'",
  "''",
  '"',
  '\\',
  '\0',
  '\u0301',
  '%',
  '--',
  ';',
  ' or ',
  '-',
  '$1',
];
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('oak', 'nursing', 'ﬃ', '한국', 'क़'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const KEYS = [
  'q',
  'degree',
  'field',
  'region',
  'citizenship',
  'gpa',
  'income_band',
  'age',
  'min_amount_cents',
  'deadline_to',
  'cursor',
  'limit',
];
const numbers = fc.constantFrom(
  '1e400',
  '-0',
  '0x10',
  'NaN',
  'Infinity',
  '9'.repeat(30),
  '1.5',
  '0000-01-01',
  '9999-12-31',
  '2026-02-30',
);
const cursors = fc
  .tuple(
    fc.oneof(numbers, hostile, fc.constantFrom('-1e-400', '-0.5', 'infinity', '2026-01-01')),
    fc.oneof(fc.uuid(), hostile),
  )
  .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'));

/** As one of our services, whom no limit holds. */
async function statusOf(path: string): Promise<number> {
  const authorization = `Bearer ${await a2.identity.serviceToken('student_pilot')}`;
  const response = await a2.fetch(path, { headers: { authorization } });
  await response.text();
  return response.status;
}

test('no query, whatever stands in it, is an error of ours: it finds, or is refused in words', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (q) => {
      for (const path of ['/scholarships', '/scholarships/facets'])
        expect([200, 400, 422]).toContain(
          await statusOf(`${path}?q=${encodeURIComponent(q.toWellFormed())}`),
        );
    }),
    { numRuns: 150 },
  );
  const queries = fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(hostile, numbers, cursors), {
    maxKeys: 4,
  });
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      for (const path of ['/scholarships', '/scholarships/facets'])
        expect([200, 400, 422]).toContain(await statusOf(`${path}?${new URLSearchParams(query)}`));
    }),
    { numRuns: 150 },
  );
});
