import type { EventQueue } from './simulate-queue.ts';

/** How long a thread keeps a core while others wait. Microseconds; the order of Linux's own slice under load. */
const SLICE_US = 1_000;

/** A machine: `count` cores, shared by its threads in turns. */
export class Cores {
  busyUs = 0;
  #idle: number;
  #waiting: Thread[] = [];
  readonly #queue: EventQueue;

  constructor(queue: EventQueue, count: number) {
    this.#queue = queue;
    this.#idle = count;
  }

  /** A thread that has work and no core. */
  want(thread: Thread): void {
    if (this.#idle === 0) {
      this.#wait(thread);
      return;
    }
    this.#idle -= 1;
    this.#slice(thread, SLICE_US);
  }

  #wait(thread: Thread): void {
    if (thread.turn === 'first') this.#waiting.unshift(thread);
    else this.#waiting.push(thread);
  }

  #slice(thread: Thread, leftUs: number): void {
    const us = Math.min(leftUs, thread.remainingUs);
    this.busyUs += us;
    this.#queue.after(us, () => {
      thread.spend(us);
      const left = leftUs - us;
      if (thread.hasWork && (left > 0 || this.#waiting.length === 0)) {
        this.#slice(thread, left > 0 ? left : SLICE_US);
        return;
      }
      this.#idle += 1;
      if (thread.hasWork) this.#wait(thread);
      else thread.sleep();
      const next = this.#waiting.shift();
      if (next !== undefined) this.want(next);
    });
  }
}

type Task = { us: number; done: () => void };

/** Does one thing after the other, while it has a core: an event loop, or a backend of PostgreSQL. */
export class Thread {
  #tasks: Task[] = [];
  #first = 0;
  #awake = false;
  readonly #cores: Cores;
  /** `first`: goes before all others that wait. */
  readonly turn: 'first' | 'fair';

  constructor(cores: Cores, turn: 'first' | 'fair' = 'fair') {
    this.#cores = cores;
    this.turn = turn;
  }

  get hasWork(): boolean {
    return this.#first < this.#tasks.length;
  }

  get remainingUs(): number {
    return this.#tasks[this.#first]?.us ?? 0;
  }

  /** Queues work of `us` microseconds of CPU; `done` is called at its end. */
  run(us: number, done: () => void): void {
    this.#tasks.push({ us, done });
    if (this.#awake) return;
    this.#awake = true;
    this.#cores.want(this);
  }

  /** Called by the cores: so much of the current task is done. */
  spend(us: number): void {
    const task = this.#tasks[this.#first];
    if (task === undefined) return;
    task.us -= us;
    if (task.us > 1e-6) return;
    this.#first += 1;
    if (this.#first > 1_000 && this.#first * 2 > this.#tasks.length) {
      this.#tasks = this.#tasks.slice(this.#first);
      this.#first = 0;
    }
    task.done();
  }

  sleep(): void {
    this.#awake = false;
  }
}
