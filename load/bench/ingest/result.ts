import type { ResultHead } from '../command.ts';
import type { Hot } from '../cpu-profile.ts';
import type { GoalResult } from '../goal.ts';
import type { CellName, ContestantName } from './cells.ts';
import type { Round } from './round.ts';
import type { Way } from './way.ts';

/** Medians over the kept passes; `deviation` is that of the rate. Null where a contestant tells no such figure. */
export type Summary = { [Key in keyof Round]: number | null } & { title: string; deviation: number };

/** load/bench/results/ingest.json */
export type IngestResult = ResultHead & {
  plan: {
    warmMs: number;
    measureMs: number;
    wayMs: number;
    prefilledRows: number;
    passes: number;
    thrownAway: number;
    moved: number;
    seconds: number;
  };
  cells: Partial<Record<CellName, Partial<Record<ContestantName, Summary>>>>;
  way: Way;
  profile: Hot[];
  goals: Record<string, GoalResult>;
};
