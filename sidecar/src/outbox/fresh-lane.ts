import type { QueuedEvent } from './api.ts';
import type { Position } from './segment.ts';

export interface FreshEvent {
  position: Position;
  event: QueuedEvent;
}

/**
 * The events accepted last, with their bytes, so that in the steady state delivery never reads the disk. First in,
 * first out; bounded in bytes: the oldest make room and are left to the backlog.
 */
export class FreshLane {
  readonly #maxBytes: number;
  readonly #onEvicted: (position: Position) => void;
  #queue: (FreshEvent | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(o: { maxBytes: number; onEvicted: (position: Position) => void }) {
    this.#maxBytes = o.maxBytes;
    this.#onEvicted = o.onEvicted;
  }

  push(fresh: FreshEvent): void {
    this.#queue.push(fresh);
    this.#bytes += weight(fresh);
    while (this.#bytes > this.#maxBytes) {
      const oldest = this.shift();
      if (oldest === undefined) return;
      this.#onEvicted(oldest.position);
    }
  }

  entries(): FreshEvent[] {
    return this.#queue.filter((fresh) => fresh !== undefined);
  }

  shift(): FreshEvent | undefined {
    const fresh = this.#queue[this.#head];
    if (fresh === undefined) return undefined;
    // What has left must not be held by the array until it is cut.
    this.#queue[this.#head] = undefined;
    this.#head += 1;
    this.#bytes -= weight(fresh);
    // Half of the array is behind us: moving the rest is paid for by what has left.
    if (this.#head * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return fresh;
  }
}

/** A parsed event costs about so much beside its body. */
const OVERHEAD_BYTES = 512;
const weight = ({ event }: FreshEvent): number => event.body.length + OVERHEAD_BYTES;
