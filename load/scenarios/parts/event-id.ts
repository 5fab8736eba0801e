import exec from 'k6/execution';
import { eventIdOf } from './event-id-of.ts';
import { runId } from './settings.ts';

/** The id of this iteration's event. Who knows RUN_ID and how many iterations there were knows all ids of a run. */
export function eventIdOfIteration(): string {
  return eventIdOf(runId(), exec.scenario.iterationInTest);
}
