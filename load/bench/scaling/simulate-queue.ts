type Item = { at: number; order: number; run: () => void };

/** Simulated time in microseconds, and what happens when. Of two events at one time the one that was asked for first goes first. */
export class EventQueue {
  now = 0;
  #heap: Item[] = [];
  #order = 0;

  after(delayUs: number, run: () => void): void {
    const item = { at: this.now + delayUs, order: this.#order, run };
    this.#order += 1;
    const heap = this.#heap;
    let index = heap.length;
    heap.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(item, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = item;
  }

  /** Runs everything up to and including `untilUs`. */
  run(untilUs: number): void {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.at > untilUs) break;
      this.#removeFirst();
      this.now = next.at;
      next.run();
    }
    this.now = untilUs;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (left === undefined) break;
      const least = right !== undefined && before(right, left) ? right : left;
      if (least === right) child += 1;
      if (!before(least, last)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: Item, b: Item): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
