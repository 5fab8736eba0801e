/**
 * Keys with the time at which they are due. A key is there once, however often it was added, at the earliest of its
 * times; while it runs it is not handed out again, and what was added meanwhile waits for its end. Pure but for its own
 * state: time is a parameter, milliseconds that never go backwards.
 */
export class KeyedQueue {
  /** The truth; the heap may hold times that are no longer those of their key. */
  readonly #waiting = new Map<string, { dueMs: number; order: number }>();
  readonly #running = new Set<string>();
  readonly #heap: Entry[] = [];
  #order = 0;

  /** Keys that wait, running ones among them that are to run once more. */
  get waiting(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Makes a key due at `dueMs`, or leaves it at an earlier time. */
  add(key: string, dueMs: number): void {
    const known = this.#waiting.get(key);
    if (known !== undefined && known.dueMs <= dueMs) return;
    this.#order += 1;
    const entry = { key, dueMs, order: this.#order };
    this.#waiting.set(key, entry);
    if (!this.#running.has(key)) this.#push(entry);
  }

  /** The key that is due for the longest, now running, with the time at which it was due; undefined when none is. */
  take(nowMs: number): { key: string; dueMs: number } | undefined {
    this.#dropStale();
    const [first] = this.#heap;
    if (first === undefined || first.dueMs > nowMs) return undefined;
    this.#pop();
    this.#waiting.delete(first.key);
    this.#running.add(first.key);
    return { key: first.key, dueMs: first.dueMs };
  }

  /** Ends the run of a key. */
  done(key: string): void {
    if (!this.#running.delete(key)) return;
    const again = this.#waiting.get(key);
    if (again !== undefined) this.#push({ key, ...again });
  }

  /** When the next key is due that does not run; undefined when none waits. */
  nextDueMs(): number | undefined {
    this.#dropStale();
    return this.#heap[0]?.dueMs;
  }

  /** No longer waits; a run under way goes on. */
  forget(key: string): void {
    this.#waiting.delete(key);
  }

  #dropStale(): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#waiting.get(first.key)?.order === first.order && !this.#running.has(first.key)) return;
      this.#pop();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at], heap[parent])) return;
      swap(heap, at, parent);
      at = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const smaller = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!isBefore(heap[smaller], heap[at])) return;
      swap(heap, at, smaller);
      at = smaller;
    }
  }
}

interface Entry {
  key: string;
  dueMs: number;
  /** Of one time, the one that was added first comes first. */
  order: number;
}

function isBefore(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

function swap(heap: Entry[], a: number, b: number): void {
  [heap[a], heap[b]] = [heap[b] as Entry, heap[a] as Entry];
}
