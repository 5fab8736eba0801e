import exec from 'k6/execution';
import { setting } from './settings.ts';

/**
 * The id of this iteration's event: a uuid-v4 by its shape, made of the run's own random part (12 hex digits, RUN_ID) and the iteration's number. So
 * who knows how many iterations there were knows all ids of a run, without any of them having been written down.
 */
export function eventIdOfIteration(): string {
  return eventIdOf(setting('RUN_ID'), exec.scenario.iterationInTest);
}

export function eventIdOf(run: string, iteration: number): string {
  const number = iteration.toString(16).padStart(12, '0');
  return `${run.slice(0, 8)}-${run.slice(8, 12)}-4000-8000-${number}`;
}
