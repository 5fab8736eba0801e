import { DEGREE_LEVELS } from '@scholar/runtime/catalogue';
import { scholarshipInput } from '../catalogue/scholarship.ts';
import { generateScholarships } from './generate-scholarships.ts';
import { SAMPLE_COUNT } from './load-samples.ts';
import { FIELDS, REGIONS } from './vocabulary.ts';

const NOW = Date.UTC(2026, 0, 1);

test('the same count gives the same scholarships, and every one is valid', () => {
  const first = generateScholarships(200, NOW);
  expect(generateScholarships(200, NOW)).toEqual(first);
  expect(new Set(first.map(({ id }) => id)).size).toBe(200);
  for (const { id: _id, ...input } of first) expect(scholarshipInput.parse(input)).toEqual(input);
});

test('a larger count begins with the scholarships of a smaller one', () => {
  expect(generateScholarships(50, NOW).slice(0, 10)).toEqual(generateScholarships(10, NOW));
});

test('deadlines lie ahead, some are open for ever, and every one says that it is a sample', () => {
  const all = generateScholarships(200, NOW);
  for (const { deadline, description } of all) {
    expect(deadline === null || deadline > '2026-01-20').toBe(true);
    expect(description).toContain('Sample data');
  }
  expect(all.some(({ deadline }) => deadline === null)).toBe(true);
});

test('several hundred are spread: no field, region, income band, level or month of a year goes without', () => {
  const all = generateScholarships(SAMPLE_COUNT, NOW);
  const countsOf = (values: readonly (string | number | null)[]) =>
    [...Map.groupBy(values, (value) => value)].map(([value, same]) => [value, same.length] as const);
  const least = (values: readonly (string | number | null)[]) =>
    Math.min(...countsOf(values).map(([, count]) => count));
  const spread: [string, readonly (string | number | null)[], distinct: number, atLeast: number][] = [
    ['fields', all.flatMap((one) => one.fields_of_study), FIELDS.length, 10],
    ['regions', all.flatMap((one) => one.regions), REGIONS.length, 5],
    ['income bands', all.map((one) => one.max_income_band), 5, 10],
    ['levels', all.flatMap((one) => one.degree_levels), DEGREE_LEVELS.length, 20],
    ['months', all.flatMap(({ deadline }) => deadline?.slice(0, 7) ?? []), 14, 5],
  ];
  for (const [what, values, distinct, atLeast] of spread) {
    expect([what, countsOf(values).length]).toEqual([what, distinct]);
    expect([what, least(values) >= atLeast]).toEqual([what, true]);
  }
  expect(SAMPLE_COUNT).toBeGreaterThanOrEqual(300);
});
