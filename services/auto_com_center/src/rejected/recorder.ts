import type { RateCap } from '@scholar/runtime/rate-cap';
import type { InsertRejections } from './rejected-table.ts';
import type { Rejection } from './rejection.ts';

export type RejectionRecorderOptions = {
  insert: InsertRejections;
  cap: RateCap;
  /** Rejections that may wait for the database; beyond them they are counted only. */
  queueRows: number;
  count: (result: 'stored' | 'suppressed' | 'lost', rows: number) => void;
  onFault: (error: unknown) => void;
};

export type KeptRejection = Rejection & { suppressed: number };

/** Canaries have a budget of their own: a flood must not hide the trace that a guard leaves, nor a guard use up a sender's. */
function nameOf({ keyId, code, canaryId }: Rejection): string {
  return canaryId === null ? `${keyId} ${code}` : `${keyId} ${code} canary`;
}

/** Rows of one INSERT. */
const BATCH = 200;

/**
 * Writes refusals behind the answer: a sender never waits for the record of its own fault. Bounded twice, by
 * rate for each key and code and by the number that may wait. What is not kept is counted.
 */
export class RejectionRecorder {
  readonly #options: RejectionRecorderOptions;
  #queue: KeptRejection[] = [];
  #flushing: Promise<void> | undefined;

  constructor(options: RejectionRecorderOptions) {
    this.#options = options;
  }

  record(rejection: Rejection): void {
    const { cap, queueRows, count } = this.#options;
    const decision = cap.take(nameOf(rejection), rejection.at.getTime());
    if (!decision.keep) {
      count('suppressed', 1);
      return;
    }
    if (this.#queue.length >= queueRows) {
      count('lost', 1);
      return;
    }
    this.#queue.push({ ...rejection, suppressed: decision.suppressed });
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
  }

  /** Resolves when everything recorded so far is written or counted as lost. */
  async close(): Promise<void> {
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH);
      try {
        await this.#options.insert(batch);
        this.#options.count('stored', batch.length);
      } catch (error) {
        this.#options.count('lost', batch.length);
        this.#options.onFault(error);
      }
    }
  }
}
