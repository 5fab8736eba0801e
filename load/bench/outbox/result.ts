import type { ResultHead } from '../command.ts';
import type { Hot } from '../cpu-profile.ts';
import type { GoalResult } from '../goal.ts';
import type { CellName } from './cells.ts';
import type { ContestantName } from './contestants/contestant.ts';
import type { IdleBytes } from './goals/goal.ts';
import type { Growth } from './growth.ts';
import type { SyncCount } from './sync-count.ts';

/** Medians over the kept passes; `deviation` is that of the rate. */
export type Summary = {
  title: string;
  perSecond: number;
  deviation: number;
  deliveredPerSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** An event: acknowledged, or delivered where the cell delivers. */
  cpuUs: number;
  writtenBytes: number;
  deviceBytes: number;
  pssBytes: number;
  foreignCpu: number;
  clientCpuUs: number;
};

/** load/bench/results/latest.json */
export type BenchResult = ResultHead & {
  plan: {
    warmMs: number;
    measureMs: number;
    passes: number;
    thrownAway: number;
    moved: number;
    seconds: number;
    idleMs: number;
  };
  bare: { p50Ms: number; p99Ms: number; pacedP50Ms: number; pacedP99Ms: number };
  cells: Partial<Record<CellName, Partial<Record<ContestantName, Summary>>>>;
  syncs: Partial<Record<ContestantName, SyncCount & { title: string }>>;
  growth: Growth;
  idleBytes: IdleBytes;
  profile: Hot[];
  goals: Record<string, GoalResult>;
};
