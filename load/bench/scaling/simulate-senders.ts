import type { Thread } from './simulate-cores.ts';
import type { SimulatedEvent } from './simulate-hub.ts';
import type { EventQueue } from './simulate-queue.ts';
import type { Random } from './simulate-random.ts';

/** The numbers of A8's 503 and of the forwarder (sidecar/src/delivery). Microseconds. */
const RETRY_AFTER_US = 2_000_000;
const BACKOFF_FIRST_US = 100_000;
const BACKOFF_CAP_US = 10_000_000;
/** So many misses in a row, and no success between them, are A8's fault and not an event's. */
const MISSES_BEFORE_PAUSE = 3;

type Owed = { shard: number; misses: number; sinceUs: number };

export type SenderInput = {
  queue: EventQueue;
  random: Random;
  thread: Thread;
  /** Requests in flight at most. */
  window: number;
  /** Which shard a fresh event belongs to. */
  drawShard: () => number;
  /** CPU of the sender an event; half of it before the request, half after the answer. Microseconds. */
  sendUs: number;
  networkUs: number;
  /** Whether a 503 carries Retry-After: then one of them pauses the whole sender. */
  retryAfter: boolean;
  /** Takes a request; which replica gets it is the load balancer's choice. */
  deliver: (event: SimulatedEvent) => void;
  onStored: (latencyUs: number) => void;
};

/**
 * A forwarder with an endless backlog, reduced to what decides here: its window (doubling start, one at a time after a
 * pause, none while something is still in flight), its pauses, and the wait of each missed event.
 */
export class Sender {
  readonly #input: SenderInput;
  readonly #waiting = new Set<Owed>();
  #due: Owed[] = [];
  #limit: number;
  #inFlight = 0;
  #missesInRow = 0;
  #paused = false;
  #pauses = 0;

  constructor(input: SenderInput) {
    this.#input = input;
    this.#limit = input.window;
  }

  start(): void {
    while (!this.#paused && this.#inFlight < Math.floor(this.#limit)) {
      this.#send(this.#due.shift() ?? this.#fresh());
    }
  }

  #fresh(): Owed {
    return { shard: this.#input.drawShard(), misses: 0, sinceUs: -1 };
  }

  #send(owed: Owed): void {
    const { queue, thread, sendUs, networkUs, deliver } = this.#input;
    this.#inFlight += 1;
    thread.run(0, () => {
      // From the first attempt on: a repetition does not make a write look fast.
      if (owed.sinceUs < 0) owed.sinceUs = queue.now;
    });
    const answer = (stored: boolean) =>
      queue.after(networkUs, () => thread.run(sendUs / 2, () => this.#told(owed, stored)));
    thread.run(sendUs / 2, () => queue.after(networkUs, () => deliver({ shard: owed.shard, answer })));
  }

  #told(owed: Owed, stored: boolean): void {
    this.#inFlight -= 1;
    if (stored) this.#confirmed(owed);
    else this.#missed(owed);
    this.start();
  }

  #confirmed(owed: Owed): void {
    const { queue, window, onStored } = this.#input;
    this.#missesInRow = 0;
    this.#limit = Math.min(window, this.#limit + 1);
    onStored(queue.now - owed.sinceUs);
    if (!this.#paused) return;
    this.#paused = false;
    // The pause was A8's fault, so nobody sits out his own wait.
    this.#due.push(...this.#waiting);
    this.#waiting.clear();
  }

  #missed(owed: Owed): void {
    const { queue, random, retryAfter } = this.#input;
    const wait = random() * Math.min(BACKOFF_CAP_US, BACKOFF_FIRST_US * 2 ** owed.misses);
    owed.misses += 1;
    this.#waiting.add(owed);
    queue.after((retryAfter ? RETRY_AFTER_US : 0) + wait, () => {
      if (!this.#waiting.delete(owed)) return;
      this.#due.push(owed);
      this.start();
    });
    this.#missesInRow += 1;
    if (retryAfter || this.#missesInRow >= MISSES_BEFORE_PAUSE) this.#pause();
    else if (this.#missesInRow === 1) this.#limit = Math.max(1, this.#limit / 2);
  }

  #pause(): void {
    if (this.#paused) return;
    const { queue, retryAfter } = this.#input;
    this.#paused = true;
    this.#limit = 1;
    this.#pauses += 1;
    const pause = this.#pauses;
    const wait = retryAfter ? RETRY_AFTER_US : BACKOFF_FIRST_US;
    const probe = () => {
      if (!this.#paused || pause !== this.#pauses) return;
      // A probe is a fresh event: one bad event must not keep A8 looking ill.
      if (this.#inFlight === 0) this.#send(this.#fresh());
      queue.after(wait, probe);
    };
    queue.after(wait, probe);
  }
}
