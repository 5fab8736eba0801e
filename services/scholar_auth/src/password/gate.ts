/** Thrown instead of queueing without end; the caller should answer "come back in a moment". */
export class TooBusy extends Error {
  constructor(waiting: number) {
    super(`${waiting} password checks are waiting already; try again in a moment`);
    this.name = 'TooBusy';
  }
}

export interface Gate {
  /** Runs the work when one of the places is free; throws {@link TooBusy} when too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Lets `places` pieces of work run at once and `maxWaiting` more wait, first come first served.
 *
 * Argon2 takes tens of megabytes and a thread of libuv's pool for each hash: without a bound, a burst of signups
 * would take the memory of the process and starve its file and DNS work.
 */
export function createGate({ places, maxWaiting }: { places: number; maxWaiting: number }): Gate {
  const waiting: Array<() => void> = [];
  let running = 0;

  async function enter(): Promise<void> {
    if (running < places) {
      running += 1;
      return;
    }
    if (waiting.length >= maxWaiting) throw new TooBusy(waiting.length);
    // The place is handed over, so `running` does not change: a newcomer cannot overtake.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
