import { OutboxClosed, OutboxFailed } from './errors.ts';
import { recordLength } from './format.ts';
import type { Position } from './segment.ts';
import type { RecordToWrite } from './segment-writer.ts';

interface Waiter {
  record: RecordToWrite;
  resolve: (position: Position) => void;
  reject: (error: unknown) => void;
}

/**
 * Many callers, one writer, one sync at a time. Its states:
 *   idle       nothing waits
 *   gathering  something waits; the batch is cut at the end of this turn of the event loop, so that everybody who is
 *              already at the door comes along
 *   syncing    a batch is on its way to the disk; who arrives now rides the next one, which follows at once
 * No timer: a lonely caller never waits for company. A batch that fails fails for all its callers, and only for them.
 */
export class GroupCommit {
  readonly #o: GroupCommitOptions;
  #waiting: Waiter[] = [];
  #tasks: (() => Promise<void>)[] = [];
  #running = false;
  #closed = false;
  #whenIdle: (() => void)[] = [];

  constructor(o: GroupCommitOptions) {
    this.#o = o;
  }

  /** Resolves when the record is durable. @throws OutboxFailed, OutboxClosed */
  submit(record: RecordToWrite): Promise<Position> {
    if (this.#closed) return Promise.reject(new OutboxClosed());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      this.#wake();
    });
  }

  /** Runs `task` while no batch is under way. */
  between<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#tasks.push(() => task().then(resolve, reject));
      this.#wake();
    });
  }

  /** Takes no more records; resolves when the last batch and task are done. */
  close(): Promise<void> {
    this.#closed = true;
    if (!this.#running) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #wake(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#tasks.length > 0 || this.#waiting.length > 0) {
      const task = this.#tasks.shift();
      if (task === undefined) await this.#commit(this.#cutBatch());
      else await task();
    }
    this.#running = false;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #cutBatch(): Waiter[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.#waiting) {
      bytes += recordLength(record.headerBlock.length, record.body.length);
      if (count > 0 && bytes > this.#o.batchBytes) break;
      count += 1;
    }
    if (count === this.#waiting.length) {
      const all = this.#waiting;
      this.#waiting = [];
      return all;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(batch: Waiter[]): Promise<void> {
    try {
      const positions = await this.#o.write(batch.map((waiter) => waiter.record));
      this.#o.onDurable(
        batch.map((waiter) => waiter.record),
        positions,
      );
      positions.forEach((position, i) => {
        batch[i]?.resolve(position);
      });
    } catch (error) {
      this.#o.onFailure(error);
      for (const waiter of batch) waiter.reject(new OutboxFailed('writing a batch', error));
    }
  }
}

export interface GroupCommitOptions {
  write: (records: readonly RecordToWrite[]) => Promise<Position[]>;
  batchBytes: number;
  onDurable: (records: readonly RecordToWrite[], positions: readonly Position[]) => void;
  onFailure: (error: unknown) => void;
}
