import { adviceOn } from './advice.ts';
import type { Outcome } from './verdict.ts';

const outcome = (o: Partial<Outcome>): Outcome => ({
  ...{ profile: 'stress', engine: 'k6', code: 0, comparison: undefined, kills: 0 },
  summary: { metrics: {}, state: { testRunDurationMs: 1 } },
  ...o,
});

test('a bound that is broken is named with what it was and where to look; one that held is not', () => {
  const metrics = {
    'http_req_duration{op:write}': {
      values: { 'p(95)': 312.04 },
      thresholds: { 'p(95)<150': { ok: false }, 'p(99)<900': { ok: true } },
    },
    dropped_iterations: { values: { count: 7 }, thresholds: { 'count<=0': { ok: false } } },
  };
  const told = adviceOn(outcome({ code: 99, summary: { metrics, state: { testRunDurationMs: 1 } } }));
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(
    /^broken: http_req_duration\{op:write\} p\(95\)<150, it was 312\.04\. Look at .*PostgreSQL/,
  );
  expect(told[1]).toMatch(/^broken: dropped_iterations count<=0, it was 7\. Look at .*machine/);
});

test('a loss that only the comparison found, and an engine that failed without a bound, are named, too', () => {
  const comparison = {
    ...{ started: 1, acknowledged: 1, rows: 0, missing: ['an-id'], unanswered: 0, cutShort: 0 },
  };
  expect(adviceOn(outcome({ comparison }))).toEqual([
    expect.stringContaining('1 acknowledged events are no rows'),
  ]);
  expect(adviceOn(outcome({ code: 107 }))).toEqual([expect.stringContaining('ended with 107')]);
  expect(adviceOn(outcome({}))).toEqual([]);
});
