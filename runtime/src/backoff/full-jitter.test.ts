import { fullJitter } from './index.ts';

const limits = { baseMs: 100, capMs: 5_000 };

describe('fullJitter', () => {
  test('the ceiling doubles with every attempt', () => {
    const ceilings = [0, 1, 2, 3].map((attempt) => fullJitter({ ...limits, attempt, random: () => 1 }));
    expect(ceilings).toEqual([100, 200, 400, 800]);
  });

  test('never exceeds the cap, however many attempts there were', () => {
    for (const attempt of [6, 60, 2_000]) {
      expect(fullJitter({ ...limits, attempt, random: () => 1 })).toBe(5_000);
    }
  });

  test('keeps its spread at the cap', () => {
    expect(fullJitter({ ...limits, attempt: 50, random: () => 0 })).toBe(0);
    expect(fullJitter({ ...limits, attempt: 50, random: () => 0.25 })).toBe(1_250);
  });
});
