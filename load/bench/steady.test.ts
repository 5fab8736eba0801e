import { keepSteady } from './steady.ts';

const probe = (syncP50Ms: number, workMs = 20) => ({ syncP50Ms, syncP99Ms: syncP50Ms * 3, workMs });
const pass = (before: number, after = before, workMs = 20) => ({
  before: probe(before, workMs),
  after: probe(after, workMs),
});

test('a pass in which disk or processor moved is thrown away, whatever it measured', () => {
  const good = [pass(0.2), pass(0.21), pass(0.19), pass(0.2)];
  const { kept, thrownAway, moved } = keepSteady([...good, pass(0.2, 0.4), pass(0.2, 0.2, 30)]);
  expect(new Set(kept)).toEqual(new Set(good));
  expect(thrownAway).toBe(2);
  expect(moved).toBeLessThanOrEqual(0.15);
});

test('of a machine that never rests the three steadiest passes are kept, and how far they moved is told', () => {
  const restless = [pass(0.1, 0.9), pass(0.2, 0.5), pass(0.3, 0.4), pass(0.3, 0.8), pass(0.05, 0.3)];
  const { kept, thrownAway, moved } = keepSteady(restless);
  expect(kept).toHaveLength(3);
  expect(thrownAway).toBe(2);
  expect(moved).toBeGreaterThan(0.15);
});

test('few passes are all kept', () => {
  expect(keepSteady([pass(0.1, 0.9)])).toMatchObject({ thrownAway: 0, kept: [expect.anything()] });
});
