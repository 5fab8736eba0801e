import type { Clock } from '../clock/index.ts';

export type LoopOptions = {
  /**
   * One pass of the work; says how long to wait before the next, ms, or undefined for "there is no next". The signal
   * aborts when the loop stops. A pass must not throw: what a failure means is its own affair.
   */
  pass: (signal: AbortSignal) => Promise<number | undefined>;
  clock: Clock;
};

export type Loop = {
  /** Begins with a pass and returns at once; a second start changes nothing. */
  start(): void;
  /** Resolves when the pass under way has ended; how long that may take is for the lifecycle to bound. */
  stop(): Promise<void>;
  /** Ends the wait: now, or the one after the pass under way. */
  wake(): void;
};

/** Work in the background, pass after pass and never two at once. */
export function createLoop({ pass, clock }: LoopOptions): Loop {
  const stopping = new AbortController();
  let waking = new AbortController();
  let work: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Made before the pass: a wake that comes while it runs ends the wait that has not begun.
      waking = new AbortController();
      const waitMs = await pass(stopping.signal);
      if (waitMs === undefined) return;
      if (waitMs > 0) await clock.sleep(waitMs, waking.signal);
    }
  }

  return {
    start() {
      work ??= run();
    },
    async stop() {
      stopping.abort();
      waking.abort();
      await work;
    },
    wake: () => waking.abort(),
  };
}
