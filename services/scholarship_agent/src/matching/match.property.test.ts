import { DEGREE_LEVELS } from '@scholar/runtime/catalogue';
import fc from 'fast-check';
import type { Scholarship } from '../catalogue/scholarship.ts';
import { scholarship } from '../testing/scholarships.ts';
import { MOST_NEAR_MISSES, match } from './match.ts';
import { createMatchIndex } from './match-index.ts';
import { PREFERENCES, UNKNOWN_COST } from './preferences.ts';
import type { Applicant } from './profile.ts';
import { REQUIREMENTS } from './requirements.ts';

const DAYS = ['2026-02-28', '2026-03-01', '2026-03-15', '2026-12-31'];
const some = (words: readonly string[]) => fc.subarray([...words]);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const traits: fc.Arbitrary<Partial<Scholarship>> = fc.record({
  degree_levels: some(DEGREE_LEVELS),
  fields_of_study: some(['law', 'arts', 'music', 'physics']),
  regions: some(['ohio', 'texas']),
  citizenships: some(['US', 'CA']),
  min_gpa: maybe(fc.double({ min: 0, max: 4, noNaN: true })),
  max_income_band: maybe(fc.integer({ min: 1, max: 5 })),
  min_age: maybe(fc.integer({ min: 14, max: 30 })),
  max_age: maybe(fc.integer({ min: 14, max: 60 })),
  amount_cents: fc.constantFrom(0, 50_000, 1_000_000, 20_000_000),
  deadline: maybe(fc.constantFrom(...DAYS)),
});
/** Ids whose order is not that in which they come. */
const catalogues = fc
  .array(fc.tuple(fc.uuid(), traits), { maxLength: 60 })
  .map((entries) => [...new Map(entries).entries()].map(([id, asks]) => scholarship({ id, ...asks })));
const applicants: fc.Arbitrary<Applicant> = fc.record(
  {
    today: fc.constant('2026-03-01'),
    degree: fc.constantFrom(...DEGREE_LEVELS),
    field: fc.constantFrom('law', 'arts', 'astrology'),
    region: fc.constantFrom('ohio', 'maine'),
    citizenship: fc.constantFrom('US', 'NG'),
    gpa: fc.double({ min: 0, max: 4, noNaN: true }),
    income_band: fc.integer({ min: 1, max: 5 }),
    age: fc.integer({ min: 10, max: 70 }),
  },
  { requiredKeys: ['today'] },
);

const hitsOf = async (catalogue: readonly Scholarship[], applicant: Applicant, limit: number) =>
  match(await createMatchIndex(catalogue, async () => {}), applicant, limit);

/** What the rules say of one scholarship by itself: who fails by more than little, or twice, is out. */
function kindOf(one: Scholarship, applicant: Applicant): 'hit' | 'near' | 'out' {
  const failed = REQUIREMENTS.filter(({ judge }) => judge(one, applicant) === 'failed');
  if (failed.length === 0) return 'hit';
  return failed.length === 1 && failed[0]?.nearly?.(one, applicant) !== undefined ? 'near' : 'out';
}

/** What matching means, without an index: each scholarship by itself, and a sort of all. */
function matchedOneByOne(
  catalogue: readonly Scholarship[],
  applicant: Applicant,
  kind: 'hit' | 'near' = 'hit',
): [string, number][] {
  return catalogue
    .flatMap((one) => {
      if (kindOf(one, applicant) !== kind) return [];
      const judgements = REQUIREMENTS.map(({ judge }) => judge(one, applicant));
      const points = PREFERENCES.reduce((sum, preference) => {
        const requirement = REQUIREMENTS.find(({ reads }) => reads.join() === preference.reads.join());
        const failed = requirement?.judge(one, applicant) === 'failed';
        return failed ? sum : sum + preference.weight * preference.value(one, applicant);
      }, 0);
      const unknown = judgements.filter((each) => each === 'unknown').length;
      return { one, score: Math.max(0, Math.round(points - unknown * UNKNOWN_COST)) };
    })
    .toSorted(
      (a, b) =>
        b.score - a.score ||
        (a.one.deadline ?? '9999').localeCompare(b.one.deadline ?? '9999') ||
        (a.one.id < b.one.id ? -1 : 1),
    )
    .map(({ one, score }) => [one.id, score]);
}

test('the index finds what looking at each scholarship by itself finds, in the same order with the same scores', async () => {
  await fc.assert(
    fc.asyncProperty(catalogues, applicants, fc.integer({ min: 1, max: 70 }), async (all, who, limit) => {
      const expected = matchedOneByOne(all, who);
      const { eligible, considered, hits } = await hitsOf(all, who, limit);
      expect([considered, eligible]).toEqual([all.length, expected.length]);
      expect(hits.map((hit) => [hit.scholarship_id, hit.score])).toEqual(expected.slice(0, limit));
    }),
    { numRuns: 300 },
  );
});

test('near misses are what fails one rule alone and by little, best first; none is a hit, and the first thing missing says why', async () => {
  let met = 0;
  await fc.assert(
    fc.asyncProperty(catalogues, applicants, fc.integer({ min: 1, max: 70 }), async (all, who, limit) => {
      const expected = matchedOneByOne(all, who, 'near').slice(0, Math.min(limit, MOST_NEAR_MISSES));
      const { nearMisses } = await hitsOf(all, who, limit);
      expect(nearMisses.map((miss) => [miss.scholarship_id, miss.score])).toEqual(expected);
      for (const { scholarship_id: id, missing } of nearMisses) {
        const one = all.find((each) => each.id === id) ?? scholarship();
        const failed = REQUIREMENTS.find(({ judge }) => judge(one, who) === 'failed');
        expect(missing[0]).toBe(failed?.nearly?.(one, who));
      }
      met += nearMisses.length;
    }),
    { numRuns: 300 },
  );
  expect(met).toBeGreaterThan(0);
});

test('the order in which a catalogue comes changes nothing of an answer', async () => {
  const shuffled = catalogues.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  );
  await fc.assert(
    fc.asyncProperty(shuffled, applicants, async ([all, mixed], who) => {
      expect(await hitsOf(mixed, who, 20)).toEqual(await hitsOf(all, who, 20));
    }),
  );
});

test('what is missing is what to say: a hit with nothing missing asks for nothing that the profile leaves out', async () => {
  await fc.assert(
    fc.asyncProperty(catalogues, applicants, async (all, who) => {
      const byId = new Map(all.map((one) => [one.id, one]));
      for (const hit of (await hitsOf(all, who, 50)).hits) {
        const one = byId.get(hit.scholarship_id);
        const unknown = REQUIREMENTS.filter(({ judge }) => one && judge(one, who) === 'unknown');
        expect(hit.missing).toHaveLength(unknown.length);
        expect(hit.why.length).toBeGreaterThan(0);
      }
    }),
  );
});

test('a rule reads of a scholarship only what it says that it reads', () => {
  fc.assert(
    fc.property(traits, traits, applicants, (asks, others, who) => {
      for (const rule of [...REQUIREMENTS, ...PREFERENCES]) {
        const shared = Object.fromEntries(rule.reads.map((trait) => [trait, scholarship(asks)[trait]]));
        const [one, other] = [scholarship(asks), scholarship({ ...others, ...shared })];
        const said = (of: Scholarship) =>
          'judge' in rule ? [rule.judge(of, who), rule.nearly?.(of, who)] : rule.value(of, who);
        expect([rule.name, said(other)]).toEqual([rule.name, said(one)]);
      }
    }),
  );
});
