import type { Part } from '../../goal.ts';
import { median, medianDeviation } from '../../statistics.ts';
import type { CellName } from '../cells.ts';
import type { ContestantName } from '../contestants/contestant.ts';
import type { Growth } from '../growth.ts';
import type { Pass } from '../passes.ts';
import type { Round } from '../round.ts';

/** What a run has seen; only what its goals need is there. */
export type Seen = {
  passes: readonly Pass[];
  /** Passes whose probes moved, too: a lost event counts whatever the machine did. */
  allPasses: readonly Pass[];
  growth?: Growth;
  idleBytes?: IdleBytes;
};

/** Memory of seven, PSS; `smallHeap` are forwarders with the flags of SMALL_HEAP (idle.ts). */
export type IdleBytes = { forwarder: number; smallHeap: number; otel: number };

/** What has to be measured for a goal. */
export type Needs = {
  cells: Partial<Record<CellName, readonly ContestantName[]>>;
  growth?: true;
  idle?: true;
};

export interface Goal {
  readonly id: string;
  readonly needs: Needs;
  /** By name: the goal's id, with a suffix where it has several parts. */
  judge(seen: Seen): Record<string, Part>;
}

/** A figure of each pass, as its median and its deviation. */
export function over({ passes }: Seen, figure: (pass: Pass) => number): { value: number; deviation: number } {
  const values = passes.map(figure);
  return { value: median(values), deviation: medianDeviation(values) };
}

/** @throws Error when the plan did not measure it: a goal must name its needs. */
export function roundOf(pass: Pass, cell: CellName, name: ContestantName): Round {
  const round = pass.rounds[cell]?.[name];
  if (round === undefined) throw new Error(`${name} was not measured in the cell "${cell}"`);
  return round;
}

/** Two contestants of one pass, so that what disturbed the pass disturbed both. */
export function ratioOf(
  seen: Seen,
  cell: CellName,
  [one, other]: readonly [ContestantName, ContestantName],
  figure: (round: Round) => number,
): { value: number; deviation: number } {
  return over(seen, (pass) => figure(roundOf(pass, cell, one)) / figure(roundOf(pass, cell, other)));
}

export const perSecond = (round: Round): number => round.perSecond;

export function growthOf({ growth }: Seen): Growth {
  if (growth === undefined) throw new Error('the growth was not measured');
  return growth;
}
