import type { ProblemDocument, Receipt } from '@scholar/contract';

/** How one event ended. */
export type Outcome = { state: 'delivered'; receipt: Receipt } | { state: 'dead'; problem: ProblemDocument };

type Waiter = (outcome: Outcome) => void;

/** Those who wait for the outcome of an event (`Prefer: wait`). */
export class Waiters {
  readonly #waiting = new Map<string, Set<Waiter>>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Tells whoever waits for this event. */
  settle(eventId: string, outcome: Outcome): void {
    const waiters = this.#waiting.get(eventId);
    if (!waiters) return;
    this.#waiting.delete(eventId);
    for (const waiter of waiters) waiter(outcome);
  }

  /**
   * Resolves with the outcome of an event, or undefined when the time is up or the signal aborts.
   * @param signal aborts when whoever asked is gone, so that no one waits for nobody.
   */
  wait(eventId: string, ms: number, signal?: AbortSignal): Promise<Outcome | undefined> {
    if (signal?.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const finish = (outcome?: Outcome) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#forget(eventId, finish);
        resolve(outcome);
      };
      const onAbort = () => finish();
      const timer = setTimeout(finish, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
      const waiters = this.#waiting.get(eventId) ?? new Set();
      this.#waiting.set(eventId, waiters.add(finish));
    });
  }

  #forget(eventId: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(eventId);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiting.delete(eventId);
  }
}
