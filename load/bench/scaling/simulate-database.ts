import { type Cores, Thread } from './simulate-cores.ts';
import type { EventQueue } from './simulate-queue.ts';

/** What a statement costs a PostgreSQL server. Microseconds. */
export type StatementCosts = {
  /** CPU of a statement whatever its size, and of each row in it. */
  statementUs: number;
  rowUs: number;
  /** One wait for the disk, the socket and the wake-up. */
  drawFlushUs: () => number;
  /** Measured time over expected time of a statement: 1 where nothing disturbs it. */
  drawSpread: () => number;
};

/**
 * One PostgreSQL server: backends compute side by side on its cores, and one flush of the log carries the commits of
 * all that wait for it when it begins (group commit).
 */
export class Shard {
  readonly #queue: EventQueue;
  readonly #cores: Cores;
  readonly #costs: StatementCosts;
  readonly #stall: { fromUs: number; toUs: number } | undefined;
  readonly #backends = new Map<string, Thread>();
  #flushing = false;
  #waiting: (() => void)[] = [];

  constructor(input: {
    queue: EventQueue;
    cores: Cores;
    costs: StatementCosts;
    /** No flush ends in this time: the disk hangs. */
    stall?: { fromUs: number; toUs: number } | undefined;
  }) {
    this.#queue = input.queue;
    this.#cores = input.cores;
    this.#costs = input.costs;
    this.#stall = input.stall;
  }

  /** Executes a statement of `rows` on the backend of a connection; `done` comes before its commit. */
  execute(connection: string, rows: number, done: () => void): void {
    const { statementUs, rowUs, drawSpread } = this.#costs;
    this.#backend(connection).run((statementUs + rowUs * rows) * drawSpread(), done);
  }

  /** Makes what was executed durable. */
  flush(done: () => void): void {
    this.#waiting.push(done);
    if (!this.#flushing) this.#startFlush();
  }

  #startFlush(): void {
    this.#flushing = true;
    const carried = this.#waiting;
    this.#waiting = [];
    const end = this.#queue.now + this.#costs.drawFlushUs();
    const stall = this.#stall;
    const stalled = stall !== undefined && end > stall.fromUs && this.#queue.now < stall.toUs;
    this.#queue.after((stalled ? Math.max(end, stall.toUs) : end) - this.#queue.now, () => {
      this.#flushing = false;
      for (const done of carried) done();
      if (this.#waiting.length > 0 && !this.#flushing) this.#startFlush();
    });
  }

  #backend(connection: string): Thread {
    const known = this.#backends.get(connection);
    if (known !== undefined) return known;
    const backend = new Thread(this.#cores);
    this.#backends.set(connection, backend);
    return backend;
  }
}
