export { createRunning, type Running } from './running.ts';
export { VERSION } from './version.ts';
