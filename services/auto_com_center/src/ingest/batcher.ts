import { type Entry, type Outcome, Pending } from './entry.ts';

export type BatcherOptions = {
  /** Settles every entry of a batch. */
  writeBatch: (batch: readonly Pending[]) => Promise<void>;
  /** Batches in flight at once, one a connection: while one commits, another executes. */
  lanes: number;
  maxRows: number;
  maxBytes: number;
  /** So many rows are worth a statement beside one that is under way. */
  besideRows: number;
  /** Entries and bytes that may wait; beyond them a submission is refused. */
  queueRows: number;
  queueBytes: number;
  /** The longest that entries are held for a fuller batch while another is under way. Milliseconds. */
  maxHoldMs: number;
  /** An entry that waited longer is not written any more: its sender has given up. Milliseconds. */
  maxWaitMs: number;
  monotonic: () => number;
  onBatch: (rows: number) => void;
  /** Told of a defect of ours: `writeBatch` must settle, not throw. */
  onFault: (error: unknown) => void;
};

/**
 * Micro-batches. While every lane is busy, entries gather; a lane that becomes free takes what has gathered, up to the caps.
 * So a lone event is written at once, and under load a batch is as large as a commit is long.
 *
 * A free lane beside a busy one waits for `besideRows`: each statement costs as much as many rows, so two small batches
 * beside each other are dearer than one after the other. The end of the other batch, or `maxHoldMs`, ends the wait, so a
 * connection that hangs does not hold up the rest.
 *
 * Entries of one turn of the event loop go together: the first lane waits for the end of the turn, not longer.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  #queue: Pending[] = [];
  #bytes = 0;
  #busy = 0;
  #hold: NodeJS.Timeout | undefined;
  #scheduled = false;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  /** Entries that wait for a lane. */
  get depth(): number {
    return this.#queue.length;
  }

  /** Takes an entry that arrived at `sinceMs` (monotonic) and tells its outcome later; false when full or closed, and then nothing is told. */
  submit(entry: Entry, sinceMs: number, tell: (outcome: Outcome) => void): boolean {
    const { queueRows, queueBytes, lanes } = this.#options;
    if (this.#closed || this.#queue.length >= queueRows || this.#bytes + entry.bytes > queueBytes)
      return false;
    this.#queue.push(new Pending(entry, sinceMs, tell));
    this.#bytes += entry.bytes;
    if (this.#busy < lanes && !this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#fill();
      });
    }
    return true;
  }

  /** Refuses further entries and resolves when every entry already taken has its outcome. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#busy === 0 && this.#queue.length === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #fill(heldLongEnough = false): void {
    while (this.#busy < this.#options.lanes && this.#queue.length > 0) {
      if (!heldLongEnough && !this.#isWorthIt()) {
        this.#hold ??= setTimeout(() => this.#fill(true), this.#options.maxHoldMs);
        return;
      }
      const batch = this.#take();
      if (batch.length > 0) void this.#run(batch);
    }
    clearTimeout(this.#hold);
    this.#hold = undefined;
    if (this.#busy === 0 && this.#queue.length === 0) {
      for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** Whether what has gathered is worth a statement beside those under way; without one it always is. */
  #isWorthIt(): boolean {
    const { besideRows, maxBytes } = this.#options;
    return this.#busy === 0 || this.#queue.length >= besideRows || this.#bytes >= maxBytes;
  }

  #take(): Pending[] {
    const { maxRows, maxBytes, maxWaitMs, monotonic } = this.#options;
    const oldest = monotonic() - maxWaitMs;
    let bytes = 0;
    let count = 0;
    for (const pending of this.#queue) {
      if (count === maxRows || (count > 0 && bytes + pending.entry.bytes > maxBytes)) break;
      bytes += pending.entry.bytes;
      count += 1;
    }
    this.#bytes -= bytes;
    return this.#queue.splice(0, count).filter((pending) => {
      if (pending.since >= oldest) return true;
      pending.settle({ kind: 'unavailable', reason: 'waited too long for the database' });
      return false;
    });
  }

  async #run(batch: Pending[]): Promise<void> {
    this.#busy += 1;
    this.#options.onBatch(batch.length);
    try {
      await this.#options.writeBatch(batch);
    } catch (error) {
      this.#options.onFault(error);
    } finally {
      // Whatever went wrong, nobody is left waiting and nothing unsettled counts as stored.
      for (const pending of batch)
        pending.settle({ kind: 'unavailable', reason: 'the batch was not written' });
      this.#busy -= 1;
      this.#fill();
    }
  }
}
