import { median, medianDeviation } from '../statistics.ts';
import type { Cell, MeasuredCell, Round, RoundKey, ScalingResult } from './result.ts';

/** So many rounds of a cell are kept: an odd number, so that the median is one of them. */
export const KEPT_ROUNDS = 3;

/** A machine of which others use more than this while we measure is called busy. */
export const BUSY_SHARE = 0.1;

export const RULE =
  `A round begins when others use less than ${BUSY_SHARE * 100} % of the machine, or when patience is used up. ` +
  `Of each cell's rounds the ${KEPT_ROUNDS} with the smallest foreign CPU are kept; ` +
  'foreign CPU is what processes used in the round, less A8, PostgreSQL and the senders, as a share of the machine.';

/** Pure. The rule that keeps rounds looks at the disturbance alone, never at the result. */
export function leastDisturbed(rounds: readonly Round[]): Round[] {
  return rounds.toSorted((a, b) => a.foreignCpu - b.foreignCpu).slice(0, KEPT_ROUNDS);
}

export function summarize(cell: Cell, rounds: readonly Round[]): MeasuredCell {
  const kept = leastDisturbed(rounds);
  return {
    ...cell,
    rounds: rounds.length,
    kept: kept.length,
    median: reduce(kept, median),
    deviation: reduce(kept, medianDeviation),
  };
}

function reduce(rounds: readonly Round[], take: (values: readonly number[]) => number): Round {
  const [first] = rounds;
  if (first === undefined) throw new Error('a cell without a round');
  const keys = Object.keys(first) as RoundKey[];
  return Object.fromEntries(keys.map((key) => [key, round(take(rounds.map((each) => each[key])))])) as Round;
}

const DAY_MS = 86_400_000;

/**
 * Pure. Whether a run takes the place of the one that is known: not where that is of the same machine and day and was less
 * disturbed. So the command may be tried again until the machine is quiet, and nobody picks results by hand.
 */
export function replaces(
  known: Pick<ScalingResult, 'at' | 'machine' | 'disturbance'> | undefined,
  fresh: Pick<ScalingResult, 'at' | 'machine' | 'disturbance'>,
): boolean {
  if (known === undefined) return true;
  const sameMachine = JSON.stringify(known.machine) === JSON.stringify(fresh.machine);
  const sameDay = Date.parse(fresh.at) - Date.parse(known.at) < DAY_MS;
  return !(sameMachine && sameDay && known.disturbance.medianOfKept < fresh.disturbance.medianOfKept);
}

/** Four digits say more than the clock can. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}
