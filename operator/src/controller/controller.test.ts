import { silentLogger } from '@scholar/runtime/log';
import { createMetrics } from '@scholar/runtime/metrics';
import { FakeClock, waitFor } from '@scholar/runtime/testing';
import { type Controller, createController, type Reconcile } from './controller.ts';
import { CONTROLLER_METRICS } from './metrics.ts';

let clock: FakeClock;
let controller: Controller;
let stop: AbortController;
let running: Promise<void> | undefined;
let passes: { key: string; at: number }[];

function start(reconcile: Reconcile, more: { workers?: number } = {}): void {
  controller = createController({
    reconcile: (key, signal) => {
      passes.push({ key, at: clock.monotonic() - began });
      return reconcile(key, signal);
    },
    workers: more.workers ?? 2,
    passTimeoutMs: 60_000,
    clock,
    random: () => 0.5,
    log: silentLogger(),
    metrics: createMetrics(CONTROLLER_METRICS),
  });
}

const run = (): void => {
  running = controller.run(stop.signal);
};
let began: number;

beforeEach(() => {
  clock = new FakeClock();
  began = clock.monotonic();
  stop = new AbortController();
  passes = [];
  running = undefined;
});

afterEach(async () => {
  stop.abort();
  await running;
});

const done = async () => ({ requeueAfterMs: undefined });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const seen = (count: number) => waitFor(() => passes.length >= count);

test('what comes before the start waits for it, and many changes of one object are one pass', async () => {
  start(done);
  for (let times = 0; times < 100; times += 1) controller.enqueue('a');
  controller.enqueue('b');
  await settled();
  expect(passes).toEqual([]);
  run();
  await seen(2);
  await settled();
  expect(passes.map(({ key }) => key)).toEqual(['a', 'b']);
});

test('one object is never worked on twice at a time; what changes meanwhile is one further pass', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  start(async () => {
    await gates[passes.length - 1]?.promise;
    return { requeueAfterMs: undefined };
  });
  run();
  controller.enqueue('a');
  await seen(1);
  for (let times = 0; times < 10; times += 1) controller.enqueue('a');
  await settled();
  expect(passes).toHaveLength(1);
  gates[0]?.resolve();
  await seen(2);
  gates[1]?.resolve();
  await settled();
  expect([passes.length, controller.waiting()]).toEqual([2, 0]);
});

test('no more objects at a time than there are workers', async () => {
  const gate = Promise.withResolvers<void>();
  start(
    async () => {
      await gate.promise;
      return { requeueAfterMs: undefined };
    },
    { workers: 3 },
  );
  run();
  for (const key of ['a', 'b', 'c', 'd', 'e']) controller.enqueue(key);
  await seen(3);
  await settled();
  expect(passes).toHaveLength(3);
  gate.resolve();
  await seen(5);
});

test('it looks again when it was told to, and a change comes before that time', async () => {
  start(async () => ({ requeueAfterMs: 60_000 }));
  run();
  controller.enqueue('a');
  await seen(1);
  await settled();
  await clock.advance(30_000);
  controller.enqueue('a');
  await seen(2);
  await settled();
  await clock.advance(60_000);
  await seen(3);
  expect(passes.map(({ at }) => at)).toEqual([0, 30_000, 90_000]);
});

test('what fails is tried again, ever more slowly up to five minutes, and others are not held up', async () => {
  start((key) => (key === 'bad' ? Promise.reject(new Error('no')) : done()));
  run();
  controller.enqueue('bad');
  for (let times = 0; times < 12; times += 1) {
    await seen(times + 1);
    await settled();
    await clock.advance(150_100);
  }
  controller.enqueue('good');
  await waitFor(() => passes.some(({ key }) => key === 'good'));
  const bad = passes.filter(({ key }) => key === 'bad').map(({ at }) => at);
  const waits = bad.slice(1).map((at, index) => at - (bad[index] ?? 0));
  // 0.1 s and half of 1, 2, 4, … s.
  expect(waits.slice(0, 5)).toEqual([600, 1_100, 2_100, 4_100, 8_100]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(150_100);
});

test('after a success the next failure begins at the shortest wait again', async () => {
  const results = ['bad', 'bad', 'good', 'bad', 'good'];
  start(async () => {
    if (results[passes.length - 1] === 'bad') throw new Error('no');
    return { requeueAfterMs: 1_000 };
  });
  run();
  controller.enqueue('a');
  for (let times = 1; times < 5; times += 1) {
    await seen(times);
    await settled();
    await clock.advance(1_100);
  }
  await seen(5);
  expect(passes.slice(0, 5).map(({ at }) => at)).toEqual([0, 600, 1_700, 2_700, 3_300]);
});

test('a change of an object that keeps failing is looked at at once', async () => {
  start(() => Promise.reject(new Error('no')));
  run();
  controller.enqueue('a');
  await seen(1);
  await settled();
  controller.enqueue('a');
  await seen(2);
  expect(passes[1]?.at).toBe(0);
});

test('a pass that hangs is interrupted after its time and counts as failed', async () => {
  const hangs: Reconcile = (_key, signal) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new Error('interrupted'))),
    );
  start((key, signal) => (passes.length === 1 ? hangs(key, signal) : done()));
  run();
  controller.enqueue('a');
  await seen(1);
  await settled();
  await clock.advance(60_000);
  await settled();
  await clock.advance(600);
  await seen(2);
  expect(passes[1]?.at).toBe(60_600);
});

test('told to end, it waits for the passes under way, and their objects are first when it goes on', async () => {
  let aborted = false;
  start(async (_key, signal) => {
    if (passes.length > 1) return { requeueAfterMs: undefined };
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    aborted = true;
    throw new Error('interrupted');
  });
  run();
  controller.enqueue('a');
  await seen(1);
  stop.abort();
  await running;
  expect([aborted, controller.waiting()]).toEqual([true, 1]);
  stop = new AbortController();
  run();
  await seen(2);
});
