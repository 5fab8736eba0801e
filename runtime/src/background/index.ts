export { createLoop, type Loop, type LoopOptions } from './loop.ts';
export { createPeriodicTask, type PeriodicTask, type PeriodicTaskOptions } from './periodic-task.ts';
