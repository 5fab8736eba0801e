import { setTimeout as delay } from 'node:timers/promises';

/** Time as a parameter, so that judgement about time can be tested without waiting. */
export interface Clock {
  /** Wall time in milliseconds since the epoch. May jump; use it for timestamps only. */
  now(): number;
  /** Milliseconds that never go backwards. Use it for durations and deadlines. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects; the timer keeps the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(Math.max(0, ms), undefined, signal ? { signal } : {});
    } catch {
      // An abort ends a sleep early; the caller looks at its own signal to tell the two apart.
    }
  },
};
