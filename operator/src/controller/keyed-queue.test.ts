import fc from 'fast-check';
import { KeyedQueue } from './keyed-queue.ts';

/** The same in the plainest way: what a queue of keys is meant to be. */
class Model {
  waiting: { key: string; dueMs: number; order: number }[] = [];
  running = new Set<string>();
  order = 0;

  add(key: string, dueMs: number): void {
    const known = this.waiting.find((each) => each.key === key);
    if (known !== undefined && known.dueMs <= dueMs) return;
    this.order += 1;
    this.waiting = [...this.waiting.filter((each) => each !== known), { key, dueMs, order: this.order }];
  }

  ready() {
    return this.waiting
      .filter(({ key }) => !this.running.has(key))
      .toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order);
  }

  take(nowMs: number) {
    const [first] = this.ready();
    if (first === undefined || first.dueMs > nowMs) return undefined;
    this.waiting = this.waiting.filter((each) => each !== first);
    this.running.add(first.key);
    return { key: first.key, dueMs: first.dueMs };
  }
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const step = fc.oneof(
  fc.record({ what: fc.constant('add' as const), key, dueMs: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ what: fc.constant('take' as const), nowMs: fc.integer({ min: 0, max: 25 }) }),
  fc.record({ what: fc.constant('done' as const), key }),
  fc.record({ what: fc.constant('forget' as const), key }),
);

test('whatever is added, taken and ended in whatever order: it hands out what the model hands out', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const queue = new KeyedQueue();
      const model = new Model();
      for (const each of steps) {
        if (each.what === 'add') {
          queue.add(each.key, each.dueMs);
          model.add(each.key, each.dueMs);
        } else if (each.what === 'take') {
          expect(queue.take(each.nowMs)).toEqual(model.take(each.nowMs));
        } else if (each.what === 'forget') {
          queue.forget(each.key);
          model.waiting = model.waiting.filter((waiting) => waiting.key !== each.key);
        } else {
          queue.done(each.key);
          model.running.delete(each.key);
        }
        expect(queue.nextDueMs()).toBe(model.ready()[0]?.dueMs);
        expect([queue.waiting, queue.running]).toEqual([model.waiting.length, model.running.size]);
      }
    }),
    { numRuns: 500 },
  );
});

test('a key that is added a thousand times is handed out once, at its earliest time', () => {
  const queue = new KeyedQueue();
  for (let times = 1_000; times > 0; times -= 1) queue.add('a', 100 + times);
  expect(queue.take(100)).toBeUndefined();
  expect(queue.take(101)).toEqual({ key: 'a', dueMs: 101 });
  expect(queue.take(10_000)).toBeUndefined();
});

test('ten thousand keys are handed out in milliseconds, not in a scan for each', () => {
  const queue = new KeyedQueue();
  for (let count = 0; count < 10_000; count += 1) queue.add(`t${count}`, 10_000 - count);
  const order: number[] = [];
  for (let taken = queue.take(20_000); taken !== undefined; taken = queue.take(20_000))
    order.push(taken.dueMs);
  expect(order).toHaveLength(10_000);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});
