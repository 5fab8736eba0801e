import { type Clock, systemClock } from '../clock/index.ts';

/** The time of now for good, whatever the load of the machine; sleeps take their time. For what counts by the minute. */
export function standingClock(): Clock {
  const nowMs = systemClock.now();
  return { ...systemClock, now: () => nowMs };
}
