import type { Scholarship } from '../catalogue/scholarship.ts';
import { scholarship } from '../testing/scholarships.ts';
import { match as matchIndex, type Outcome } from './match.ts';
import { createMatchIndex } from './match-index.ts';
import { PREFERENCES } from './preferences.ts';
import { type Applicant, profileSchema } from './profile.ts';

const match = async (catalogue: readonly Scholarship[], applicant: Applicant, limit: number) =>
  matchIndex(await createMatchIndex(catalogue, async () => {}), applicant, limit);
const TODAY = { today: '2026-03-01' };
const idsOf = (outcome: Outcome) => outcome.hits.map(({ scholarship_id }) => scholarship_id);

test('the weights of the soft rules add up to a score of 100', () => {
  expect(PREFERENCES.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
});

test('hard rules filter and are counted', async () => {
  const catalogue = [
    scholarship({ id: 'law', fields_of_study: ['law'] }),
    scholarship({ id: 'all' }),
    scholarship({ id: 'over', deadline: '2026-02-01' }),
  ];
  const outcome = await match(catalogue, { ...TODAY, field: 'arts' }, 10);
  expect(outcome).toMatchObject({ considered: 3, eligible: 1 });
  expect(idsOf(outcome)).toEqual(['all']);
});

test('what is meant for the student stands before what is open to all, and that before what may not fit', async () => {
  const catalogue = [
    scholarship({ id: 'unsure', min_gpa: 3.5 }),
    scholarship({ id: 'open' }),
    scholarship({ id: 'wide', fields_of_study: ['law', 'arts', 'music', 'physics'] }),
    scholarship({ id: 'narrow', fields_of_study: ['law'] }),
  ];
  expect(idsOf(await match(catalogue, { ...TODAY, field: 'law' }, 10))).toEqual([
    'narrow',
    'wide',
    'open',
    'unsure',
  ]);
});

test('more money ranks higher, all else equal', async () => {
  const catalogue = [
    scholarship({ id: 'small', amount_cents: 50_000 }),
    scholarship({ id: 'big', amount_cents: 2_000_000 }),
  ];
  expect(idsOf(await match(catalogue, TODAY, 10))).toEqual(['big', 'small']);
});

test('money is compared in whole units of its currency: 300,000 yen are more than 20,000 dinars or 5,000 dollars', async () => {
  const catalogue = [
    scholarship({ id: 'dollars', amount_cents: 500_000, currency: 'USD' }),
    scholarship({ id: 'dinars', amount_cents: 20_000_000, currency: 'KWD' }),
    scholarship({ id: 'yen', amount_cents: 300_000, currency: 'JPY' }),
  ];
  expect(idsOf(await match(catalogue, TODAY, 10))).toEqual(['yen', 'dinars', 'dollars']);
});

test('each hit says why and what is missing', async () => {
  const one = scholarship({
    title: 'Oak Grant',
    fields_of_study: ['computer-science'],
    min_gpa: 3.2,
    deadline: '2026-06-01',
    amount_cents: 250_050,
  });
  const [hit] = (await match([one], { ...TODAY, field: 'computer-science' }, 5)).hits;
  expect(hit).toMatchObject({
    title: 'Oak Grant',
    why: [
      'Applications are open until 2026-06-01.',
      'It supports your field (computer science).',
      'It pays $2,500.50.',
    ],
    missing: ['Your GPA: it asks for at least 3.2.'],
  });
});

test('the same input gives the same order, whatever order the catalogue comes in', async () => {
  const catalogue = Array.from({ length: 500 }, (_, i) =>
    scholarship({
      id: `s-${i}`,
      fields_of_study: i % 3 === 0 ? ['law'] : [],
      amount_cents: (i % 7) * 100_000,
      deadline: i % 5 === 0 ? '2026-09-01' : null,
    }),
  );
  const applicant = { ...TODAY, field: 'law' };
  const expected = idsOf(await match(catalogue, applicant, 20));
  const whole = idsOf(await match(catalogue, applicant, 500));
  expect(expected).toHaveLength(20);
  expect(whole.slice(0, 20)).toEqual(expected);
  expect(idsOf(await match(catalogue.toReversed(), applicant, 20))).toEqual(expected);
});

test('a profile is read as people write it', () => {
  expect(
    profileSchema.parse({
      degree: "Bachelor's",
      field: ' Computer_Science',
      region: 'New York',
      citizenship: 'us',
    }),
  ).toEqual({ degree: 'bachelor', field: 'computer-science', region: 'new-york', citizenship: 'US' });
  expect(profileSchema.parse({ degree: null, field: '', gpa: null, shoe_size: 44 })).toEqual({});
});

test.each([
  ['degree', 'wizard'],
  ['gpa', 4.1],
  ['gpa', '3.5'],
  ['income_band', 0],
  ['age', 20.5],
  ['citizenship', 'USA'],
])('a profile whose %s is %j is refused', (key, value) => {
  expect(profileSchema.safeParse({ [key]: value }).success).toBe(false);
});
