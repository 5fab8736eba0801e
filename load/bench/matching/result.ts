import type { ResultHead } from '../command.ts';
import type { GoalResult } from '../goal.ts';

/** One kind of question, over all its runs; ms. */
export type Timed = { name: string; runs: number; p50Ms: number; p95Ms: number; maxMs: number };

export type Planned = { name: string; plan: string };

export type MatchingResult = ResultHead & {
  scholarships: number;
  /** Of the minute in which it ended: above the number of cores others ran, too, and its times are longer than its work. */
  loadAverage: number;
  indexMs: number;
  /** The first reading of everything that facets are counted out of; results from before there was one lack it. */
  facetsReadMs?: number;
  /** Distinct values of each trait that the rules read. */
  distinct: readonly number[];
  matches: readonly Timed[];
  searches: readonly Timed[];
  plans: readonly Planned[];
  goals: Record<string, GoalResult>;
};

/** From the root of the checkout. */
export const RESULT = 'load/bench/results/matching.json';
