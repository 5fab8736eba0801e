import { columnsOf } from '../statement.ts';
import { fitLine, median, medianDeviation, quantile } from '../statistics.ts';
import { costsOf, thin } from './calibrate.ts';
import type { Cell, Round } from './result.ts';
import { KEPT_ROUNDS, leastDisturbed, replaces, summarize } from './summarize.ts';

const CELL: Cell = { name: 'a cell', senders: 7, window: 32, replicas: 1, prefilled: false };

function aRound(changes: Partial<Round>): Round {
  return {
    eventsPerSecond: 1_000,
    p50Ms: 1,
    p95Ms: 2,
    p99Ms: 3,
    hubCpuUs: 70,
    hubLoopUs: 60,
    postgresCpuUs: 20,
    senderCpuUs: 40,
    walBytes: 900,
    fullPageBytes: 0,
    rowsPerCommit: 50,
    rowsBefore: 0,
    rowsSinceCheckpoint: 30_000,
    foreignCpu: 0,
    interruptCpu: 0.1,
    busyCpu: 0.9,
    ...changes,
  };
}

test('rounds are kept by their disturbance alone, and the best result has no say', () => {
  const rounds = [0.5, 0.01, 0.4, 0.02, 0.05, 0.03, 0.04].map((foreignCpu) =>
    aRound({ foreignCpu, eventsPerSecond: foreignCpu > 0.1 ? 99_999 : 1_000 + foreignCpu * 1_000 }),
  );
  expect(leastDisturbed(rounds).map(({ foreignCpu }) => foreignCpu)).toEqual([0.01, 0.02, 0.03]);
  const summary = summarize(CELL, rounds);
  expect(summary).toMatchObject({ rounds: 7, kept: KEPT_ROUNDS });
  expect(summary.median.eventsPerSecond).toBe(1_020);
  expect(summary.deviation.eventsPerSecond).toBe(10);
});

test('a run replaces another unless that was of the same machine and day and less disturbed', () => {
  const machine = { cores: 2, model: 'a', memoryGb: 8, node: '24.0.0', postgres: '18.4' };
  const run = (at: string, medianOfKept: number) => ({
    at,
    machine,
    disturbance: { foreignCpuBefore: 0, medianOfKept, busy: false },
  });
  const quiet = run('2026-11-29T20:00:00Z', 0.02);
  expect(replaces(undefined, quiet)).toBe(true);
  expect(replaces(run('2026-11-29T19:00:00Z', 0.5), quiet)).toBe(true);
  expect(replaces(quiet, run('2026-11-29T21:00:00Z', 0.5))).toBe(false);
  expect(replaces(quiet, run('2026-12-24T21:00:00Z', 0.5))).toBe(true);
  expect(replaces({ ...quiet, machine: { ...machine, cores: 4 } }, run('2026-11-29T21:00:00Z', 0.5))).toBe(
    true,
  );
});

test('quantiles are interpolated, the deviation is that of half of the values', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([10], 0.95)).toBe(10);
  expect(median([3, 1, 2])).toBe(2);
  expect(medianDeviation([1, 2, 3, 4, 100])).toBe(1);
  expect(quantile([], 0.5)).toBeNaN();
});

test('a line through exact points is found again', () => {
  const { fixed, each } = fitLine([1, 8, 64, 256].map((x) => ({ x, y: 130 + 18 * x })));
  expect(fixed).toBeCloseTo(130);
  expect(each).toBeCloseTo(18);
});

test('costs of a statement: CPU is a line, the rest of a single row is the flush', () => {
  const timed = [1, 64, 256].map((rows) => ({
    rows,
    executions: 3,
    medianUs: 500 + 20 * rows,
    cpuUs: 100 + 20 * rows,
    clientCpuUs: 50,
    timesUs: [500 + 20 * rows],
  }));
  const costs = costsOf(timed);
  expect(costs.statementUs).toBeCloseTo(100);
  expect(costs.rowUs).toBeCloseTo(20);
  // 520 us in all, less 120 of PostgreSQL and 50 of the client.
  expect(new Set(costs.flushUs)).toEqual(new Set([350]));
  expect(new Set(costs.spread)).toEqual(new Set([1]));
});

test('a thinned distribution keeps its middle and its order, and drops the one worst value', () => {
  const thinned = thin([...Array.from({ length: 1_000 }, (_, index) => index), 1e9]);
  expect(thinned).toEqual(thinned.toSorted((a, b) => a - b));
  expect(median(thinned)).toBeCloseTo(500, -1);
  expect(Math.max(...thinned)).toBeLessThan(1_000);
});

test('the columns of the statement of A8 are read from it, and another form is named', () => {
  expect(
    columnsOf('… FROM unnest($1::uuid[], $2::text[]) AS batch (event_id, app_label)\nON CONFLICT'),
  ).toEqual(['event_id', 'app_label']);
  expect(() => columnsOf('INSERT INTO events VALUES ($1)')).toThrow('load/bench must follow');
});
