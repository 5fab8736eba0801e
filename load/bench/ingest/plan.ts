import { chosen } from '../only.ts';
import { CELLS, type Cell, type ContestantName } from './cells.ts';
import { GOALS, type Goal } from './goals.ts';

export type Selection = {
  goals: readonly Goal[];
  cells: readonly Cell[];
  way: boolean;
  /** All goals: only then a result is written. */
  whole: boolean;
};

/** @param only goals by id, separated by commas, in any case; nothing means all. @throws Error for one that is nobody's */
export function select(only: string | undefined): Selection {
  const ids = chosen('ingest', only);
  const goals = GOALS.filter(({ id }) => ids.has(id));
  const whole = goals.length === GOALS.length;
  const cells = CELLS.map((cell) => ({ ...cell, contestants: needed(cell, goals, whole) }));
  return {
    goals,
    cells: cells.filter(({ contestants }) => contestants.length > 0),
    way: goals.some(({ needs }) => needs.way),
    whole,
  };
}

/** In the order of the cell. A whole run measures also what no goal asks for: it is in the tables. */
function needed(cell: Cell, goals: readonly Goal[], whole: boolean): readonly ContestantName[] {
  if (whole) return cell.contestants;
  const wanted = new Set(goals.flatMap(({ needs }) => needs.cells[cell.name] ?? []));
  return cell.contestants.filter((name) => wanted.has(name));
}

/** The numbers of a run; milliseconds. */
export type Sizes = {
  passes: number;
  warmMs: number;
  measureMs: number;
  wayMs: number;
  probeMs: number;
  profileMs: number;
  prefilledRows: number;
  /** No further pass begins that would end later than this after the start. */
  passesWithinMs: number;
};

export const FULL: Sizes = {
  ...{ passes: 5, warmMs: 2_000, measureMs: 5_000, wayMs: 10_000, probeMs: 500, profileMs: 6_000 },
  ...{ prefilledRows: 1_000_000, passesWithinMs: 900_000 },
};

/** `SHORT=1`: that everything works. Its figures mean nothing. */
export const SHORT: Sizes = {
  ...{ passes: 1, warmMs: 500, measureMs: 1_000, wayMs: 1_500, probeMs: 200, profileMs: 1_000 },
  ...{ prefilledRows: 20_000, passesWithinMs: 300_000 },
};
