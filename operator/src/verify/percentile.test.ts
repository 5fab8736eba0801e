import fc from 'fast-check';
import { percentile } from './percentile.ts';

test('the percentile is the nearest rank of the raw samples', () => {
  expect(percentile([], 0.95)).toBeNull();
  expect(percentile([7], 0.95)).toBe(7);
  expect(
    percentile(
      Array.from({ length: 100 }, (_, index) => 100 - index),
      0.95,
    ),
  ).toBe(95);
});

test('the percentile is a sample, and at least the share of samples is not above it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 }), (samples) => {
      const p95 = percentile(samples, 0.95);
      expect(samples).toContain(p95);
      expect(samples.filter((sample) => sample <= (p95 ?? -1)).length).toBeGreaterThanOrEqual(
        Math.ceil(samples.length * 0.95),
      );
    }),
  );
});
