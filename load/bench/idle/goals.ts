import type { Part } from '../goal.ts';
import type { IdleProcess } from './result.ts';

/** Pure. All processes together against one core, and the log of each against the budget of INFO. */
export function judgeIdle(processes: readonly IdleProcess[]): Record<string, Part> {
  return {
    idle_cpu: {
      what: 'processor time of the whole local system while nobody uses it, of one core',
      value: processes.reduce((sum, { cpuPercent }) => sum + cpuPercent, 0),
      ...{ unit: '%', better: 'less', goal: 5 },
    },
    idle_log: {
      what: 'lines an hour in the log of the process that writes most meanwhile',
      value: Math.max(...processes.map(({ logLinesPerHour }) => logLinesPerHour)),
      ...{ unit: 'lines', better: 'less', goal: 100 },
    },
  };
}
