import { fullJitter } from '../backoff/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Logger } from '../log/index.ts';
import { createLoop, type Loop } from './loop.ts';

const RETRY = { baseMs: 500, capMs: 10_000 };

export type PeriodicTaskOptions = {
  /** For the log: "the refresh of the catalogue". */
  name: string;
  /** For the log: what holds while it fails. */
  meanwhile: string;
  /** One run; the signal aborts when the task stops. */
  run: (signal: AbortSignal) => Promise<unknown>;
  /** From the end of a run to the next, ms, on average; without it the first run that succeeds is the last. */
  intervalMs?: number | undefined;
  /** Called after each run that failed, beside the log, which mentions only the first failure of a streak. */
  onFailure?: () => void;
  clock: Clock;
  random: () => number;
  log: Logger;
};

export type PeriodicTask = Pick<Loop, 'start' | 'stop'>;

/**
 * Does the same again and again, beginning at once and never twice at a time. A run that fails is repeated with full
 * jitter, at the latest when the next would have been due: what it does must bear repetition.
 */
export function createPeriodicTask(options: PeriodicTaskOptions): PeriodicTask {
  const { name, meanwhile, run, intervalMs, onFailure, clock, random, log } = options;
  let failures = 0;

  async function pass(signal: AbortSignal): Promise<number | undefined> {
    // Half to one and a half of the interval: replicas that started together drift apart.
    const regularMs = intervalMs === undefined ? undefined : intervalMs * (0.5 + random());
    try {
      await run(signal);
      if (failures > 0) log.info({ failures }, `${name} works again`);
      failures = 0;
      return regularMs;
    } catch (err) {
      // Given up because we stop: that is no failure.
      if (signal.aborted) return undefined;
      if (failures === 0) log.warn({ err }, `${name} failed and is tried again; ${meanwhile}`);
      const retryMs = 50 + fullJitter({ attempt: failures, random, ...RETRY });
      failures += 1;
      onFailure?.();
      return Math.min(retryMs, regularMs ?? retryMs);
    }
  }

  return createLoop({ pass, clock });
}
