import { isMet } from '../goal.ts';
import { GOAL_IDS } from '../only.ts';
import type { CellName, ContestantName } from './cells.ts';
import { GOALS } from './goals.ts';
import type { Pass } from './passes.ts';
import { select } from './plan.ts';
import type { Round } from './round.ts';
import { summarizeCells } from './summarize.ts';

const ROUND: Round = {
  ...{ perSecond: 10_000, p50Ms: 2, p95Ms: 3, p99Ms: 4, averageMs: 2 },
  ...{ serverCpuUs: 50, databaseCpuUs: 20, loadCpuUs: 20, waited: 0, foreignCpu: 0 },
};

function passOf(changes: Partial<Record<`${CellName} ${ContestantName}`, Partial<Round>>>): Pass {
  const rounds = Object.fromEntries(
    select(undefined).cells.map(({ name, contestants }) => [
      name,
      Object.fromEntries(contestants.map((of) => [of, { ...ROUND, ...changes[`${name} ${of}`] }])),
    ]),
  );
  const probe = { syncP50Ms: 0.2, syncP99Ms: 1, workMs: 20 };
  const way = {
    ...{ events: 10, committedP50Ms: 3, committedP95Ms: 9, committedP99Ms: 20, acknowledgedP95Ms: 2 },
    ...{ waited: 0, foreignCpu: 0 },
  };
  return { rounds, way, before: probe, after: probe };
}

const judged = (...passes: Pass[]) => Object.assign({}, ...GOALS.map((goal) => goal.judge(passes)));

test('the goals are those that make bench knows by name', () => {
  expect(GOALS.map(({ id }) => id)).toEqual(GOAL_IDS.ingest);
});

test('a ratio is taken within a pass, over each table: what slows a whole pass down changes nothing', () => {
  const fast = passOf({ 'empty a8': { perSecond: 16_000 } });
  const slow = passOf({ 'empty a8': { perSecond: 1_600 }, 'empty row': { perSecond: 1_000 } });
  const parts = judged(fast, slow, slow);
  expect(parts.G7).toMatchObject({ value: 1.6, deviation: 0 });
  expect(isMet(parts.G7)).toBe(true);
  expect(isMet(parts.G7_filled)).toBe(false);
  expect(parts.G9_go_filled).toMatchObject({ value: 1, goal: 2.5 });
});

test('one event that found no connection misses the goal, in whichever pass', () => {
  expect(isMet(judged(passOf({}), passOf({})).G10_dropped)).toBe(true);
  const parts = judged(passOf({}), passOf({ 'open1000 a8': { waited: 1 } }), passOf({}));
  expect(isMet(parts.G10_dropped)).toBe(false);
  expect(parts.G10_5000_dropped.value).toBe(0);
});

test('a goal is measured with what it needs; goals of another benchmark need nothing here', () => {
  const of = (only: string) =>
    select(only).cells.map(({ name, contestants }) => `${name}: ${contestants.join(' ')}`);
  expect(of('g7')).toEqual(['empty: a8 row', 'filled: a8 row']);
  expect(of('g10,g1')).toEqual(['open1000: a8', 'open5000: a8']);
  expect(select('g11')).toMatchObject({ cells: [], way: true, whole: false });
  expect(select('g5')).toMatchObject({ goals: [], whole: false });
  expect(select(undefined).whole).toBe(true);
  expect(() => select('g99')).toThrow('ONLY=G99');
});

test('a figure that a contestant does not tell is null, so that the result is JSON', () => {
  const pass = passOf({ 'empty row': { p95Ms: Number.NaN } });
  const { cells } = select(undefined);
  expect(summarizeCells([pass], cells).empty?.row).toMatchObject({ p95Ms: null, perSecond: 10_000 });
});
