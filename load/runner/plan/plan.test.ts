import fc from 'fast-check';
import { constantArrivals, rampingArrivals } from './arrivals.ts';
import { durationMs } from './duration.ts';
import { parseOptions, planOf } from './options.ts';

test.each<[string | number, number]>([
  ['30s', 30_000],
  ['1m30s', 90_000],
  ['1h', 3_600_000],
  ['250ms', 250],
  ['1.5s', 1_500],
  ['0s', 0],
  [500, 500],
  ['500', 500],
])('a duration of %j is %i ms', (given, expected) => {
  expect(durationMs(given)).toBe(expected);
});

test.each(['', 'ten', '5 s', '-1s', 's', '3m20'])(
  '%j is no duration, and the message says what one is',
  (given) => {
    expect(() => durationMs(given)).toThrow(/is no duration: write 30s/);
  },
);

/** k6's documentation: at a rate of 10 with a timeUnit of 1s, an iteration starts about every 100 ms. */
test('iterations of a constant rate are spaced evenly, the first at once, none at the end', () => {
  expect([...constantArrivals(10 / 1000, 500)]).toEqual([0, 100, 200, 300, 400]);
  expect([...constantArrivals(0, 500)]).toEqual([]);
});

test('a rate that ramps starts as many iterations as there is area under it, in order, each within its ramp', () => {
  const ramp = fc.record({ to: fc.nat(50), durationMs: fc.integer({ min: 1, max: 20_000 }) });
  fc.assert(
    fc.property(fc.nat(50), fc.array(ramp, { minLength: 1, maxLength: 4 }), (startRate, stages) => {
      let from = startRate / 1000;
      const ramps = stages.map(({ to, durationMs: ms }) => {
        const made = { from, to: to / 1000, durationMs: ms };
        from = made.to;
        return made;
      });
      const area = ramps.reduce((sum, r) => sum + ((r.from + r.to) / 2) * r.durationMs, 0);
      const total = ramps.reduce((sum, r) => sum + r.durationMs, 0);
      const times = [...rampingArrivals(ramps)];
      expect(Math.abs(times.length - area)).toBeLessThan(1.0001);
      expect(times.filter((time, i) => time < (times[i - 1] ?? 0) || time > total)).toEqual([]);
    }),
  );
});

test('a ramp from 0 to 10 a second in ten seconds starts 50 iterations, half of them after seven seconds', () => {
  const times = [...rampingArrivals([{ from: 0, to: 10 / 1000, durationMs: 10_000 }])];
  expect(times).toHaveLength(50);
  expect(times[24]).toBeCloseTo(7_071.07, 1);
  expect(times[49]).toBeCloseTo(10_000, 5);
});

const arrival = { executor: 'constant-arrival-rate', rate: 5, duration: '1m', preAllocatedVUs: 2 };

test('what a script leaves out is as in k6', () => {
  const { scenarios, summaryTrendStats } = parseOptions({ scenarios: { writes: arrival } });
  expect(scenarios['writes']).toMatchObject({
    ...{ exec: 'default', timeUnit: 1_000, startTime: 0, gracefulStop: 30_000, env: {}, tags: {} },
  });
  expect(
    planOf('writes', parseOptions({ scenarios: { writes: arrival } }).scenarios['writes'] as never),
  ).toMatchObject({
    maxVus: 2,
    durationMs: 60_000,
  });
  expect(summaryTrendStats).toEqual(['avg', 'min', 'med', 'max', 'p(90)', 'p(95)']);
});

test.each([
  [{ scenarios: { a: { ...arrival, executor: 'ramping-vus' } } }, /scenarios\.a\.executor/],
  [{ scenarios: { a: { ...arrival, preAllocatedVUs: 0 } } }, /scenarios\.a\.preAllocatedVUs/],
  [{ scenarios: { a: { ...arrival, duration: 'soon' } } }, /scenarios\.a\.duration: "soon" is no duration/],
  [{ scenarios: { a: arrival }, vus: 10 }, /vus/],
])('an option that would not be heeded is refused: %j', (options, why) => {
  expect(() => parseOptions(options)).toThrow(why);
});
