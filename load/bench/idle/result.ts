import type { ResultHead } from '../command.ts';
import type { GoalResult } from '../goal.ts';

/** What one process used while nobody asked anything of the system. */
export type IdleProcess = {
  name: string;
  /** Of one core. */
  cpuPercent: number;
  /** Times a second that one of its threads had slept and was woken. */
  wakeupsPerSecond: number;
  /** Memory, shared pages divided among those who share them. */
  pssBytes: number;
  /** Lines and bytes that it wrote into its log, an hour. */
  logLinesPerHour: number;
  logBytesPerHour: number;
};

export type IdleResult = ResultHead & {
  plan: { settleS: number; windowS: number };
  processes: readonly IdleProcess[];
  goals: Record<string, GoalResult>;
};
