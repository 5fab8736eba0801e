import { fullJitter } from '../backoff/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Logger } from '../log/index.ts';
import { createLoop, type Loop } from './loop.ts';

const RETRY = { baseMs: 500, capMs: 10_000 };

/** What a run resolves with that found nothing where something is expected soon: the next comes earlier than usual. */
export const NOTHING_YET = Symbol('nothing yet');

export type PeriodicTaskOptions = {
  /** For the log: "the refresh of the catalogue". */
  name: string;
  /** For the log: what holds while it fails. */
  meanwhile: string;
  /** One run; the signal aborts when the task stops. NOTHING_YET asks for the next one soon. */
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
  let inVain = 0;

  async function pass(signal: AbortSignal): Promise<number | undefined> {
    // Half to one and a half of the interval: replicas that started together drift apart.
    const regularMs = intervalMs === undefined ? undefined : intervalMs * (0.5 + random());
    try {
      const found = await run(signal);
      if (failures > 0) log.info({ failures }, `${name} works again`);
      failures = 0;
      inVain = found === NOTHING_YET ? inVain + 1 : 0;
      return inVain === 0 ? regularMs : soon(inVain - 1, regularMs);
    } catch (err) {
      // Given up because we stop: that is no failure.
      if (signal.aborted) return undefined;
      if (failures === 0) log.warn({ err }, `${name} failed and is tried again; ${meanwhile}`);
      failures += 1;
      onFailure?.();
      return soon(failures - 1, regularMs);
    }
  }

  function soon(attempt: number, regularMs: number | undefined): number {
    const retryMs = 50 + fullJitter({ attempt, random, ...RETRY });
    return Math.min(retryMs, regularMs ?? retryMs);
  }

  return createLoop({ pass, clock });
}
