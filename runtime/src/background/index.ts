export { createLoop, type Loop, type LoopOptions } from './loop.ts';
export {
  createPeriodicTask,
  NOTHING_YET,
  type PeriodicTask,
  type PeriodicTaskOptions,
} from './periodic-task.ts';
export { createRetention, DAY_MS, HOUR_MS, type RetentionOptions } from './retention.ts';
