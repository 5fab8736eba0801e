import { chosen } from '../only.ts';
import { CELLS, type Cell, type CellName } from './cells.ts';
import type { ContestantName } from './contestants/contestant.ts';
import type { Goal } from './goals/goal.ts';
import { GOALS } from './goals/index.ts';
import type { GrowthSizes } from './growth.ts';

/** What a run measures: everything, or what the goals that were asked for need. */
export type Selection = {
  goals: readonly Goal[];
  cells: readonly Cell[];
  contestants: ReadonlySet<ContestantName>;
  growth: boolean;
  idle: boolean;
  /** All goals: only then a result is written. */
  whole: boolean;
};

/** @param only goals by id, separated by commas, in any case; nothing means all. @throws Error for one that is nobody's */
export function select(only: string | undefined): Selection {
  const ids = chosen('outbox', only);
  const goals = GOALS.filter(({ id }) => ids.has(id));
  const cells = CELLS.map((cell) => ({ ...cell, contestants: needed(cell.name, goals) })).filter(
    ({ contestants }) => contestants.length > 0,
  );
  const [growth, idle] = [goals.some(({ needs }) => needs.growth), goals.some(({ needs }) => needs.idle)];
  const contestants = new Set(cells.flatMap((cell) => cell.contestants));
  if (growth || idle) contestants.add('forwarder');
  if (idle) contestants.add('otel');
  return { goals, cells, contestants, growth, idle, whole: goals.length === GOALS.length };
}

/** In the order of the cell, so that a part runs in the same order as the whole. */
function needed(name: CellName, goals: readonly Goal[]): readonly ContestantName[] {
  const wanted = new Set(goals.flatMap(({ needs }) => needs.cells[name] ?? []));
  const cell = CELLS.find((each) => each.name === name);
  return cell?.contestants.filter((contestant) => wanted.has(contestant)) ?? [];
}

/** The numbers of a run; milliseconds. */
export type Sizes = {
  passes: number;
  warmMs: number;
  measureMs: number;
  probeMs: number;
  syncEvents: number;
  idleMs: number;
  profileMs: number;
  growth: GrowthSizes;
  /** No further pass begins that would end later than this after the start; the rest of the run takes some six minutes. */
  passesWithinMs: number;
};

export const FULL: Sizes = {
  ...{ passes: 5, warmMs: 2_000, measureMs: 5_000, probeMs: 500, syncEvents: 200 },
  ...{ idleMs: 45_000, profileMs: 6_000, passesWithinMs: 780_000 },
  growth: { small: 1_000, large: 1_000_000, drained: 50_000, restarts: 5, aloneMs: 2_000, drainMs: 5_000 },
};

/** `SHORT=1`: that everything works, in a minute or two. Its figures mean nothing. */
export const SHORT: Sizes = {
  ...{ passes: 1, warmMs: 500, measureMs: 1_000, probeMs: 200, syncEvents: 20 },
  ...{ idleMs: 1_000, profileMs: 1_000, passesWithinMs: 300_000 },
  growth: { small: 200, large: 5_000, drained: 2_000, restarts: 2, aloneMs: 500, drainMs: 500 },
};
