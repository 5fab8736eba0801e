import { scholarshipInput } from '../catalogue/scholarship.ts';
import { generateScholarships } from './generate-scholarships.ts';

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
