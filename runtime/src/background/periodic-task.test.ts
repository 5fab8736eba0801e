import { FakeClock } from '../clock/index.ts';
import { captureLogs } from '../testing/index.ts';
import { createPeriodicTask, NOTHING_YET, type PeriodicTaskOptions } from './index.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

function rig(run: PeriodicTaskOptions['run'], options: Partial<PeriodicTaskOptions> = {}) {
  const clock = new FakeClock(0);
  const logs = captureLogs();
  const startedAt: number[] = [];
  const failures: number[] = [];
  const task = createPeriodicTask({
    name: 'the count',
    meanwhile: 'the last one stands',
    run: (signal) => {
      startedAt.push(clock.now());
      return run(signal);
    },
    intervalMs: 60_000,
    onFailure: () => failures.push(clock.now()),
    clock,
    random: () => 0.5,
    log: logs.log,
    ...options,
  });
  return {
    clock,
    task,
    startedAt,
    failures,
    lines: () => logs.lines().map(({ level, msg }) => [level, msg]),
  };
}

test('runs at once and then again and again, half to one and a half of the interval apart', async () => {
  const spread = [0, 0.5, 0.999];
  const { clock, task, startedAt } = rig(async () => {}, { random: () => spread.shift() ?? 0.5 });
  task.start();
  await turn();
  await clock.advance(3 * 60_000);
  expect(startedAt).toEqual([0, 30_000, 90_000, 179_940]);
  await task.stop();
});

test('a failure is mentioned once a streak, repeated soon, and its end is told', async () => {
  let away = true;
  const { clock, task, startedAt, failures, lines } = rig(async () => {
    if (away) throw new Error('away');
  });
  task.start();
  await turn();
  await clock.advance(5_000);
  expect(startedAt).toEqual([0, 300, 850, 1_900, 3_950]);
  expect(failures).toEqual(startedAt);
  away = false;
  await clock.advance(5_000);
  expect(lines()).toEqual([
    ['warn', 'the count failed and is tried again; the last one stands'],
    ['info', 'the count works again'],
  ]);
  await clock.advance(60_000);
  expect(startedAt).toHaveLength(7);
  await task.stop();
});

test('a run that found nothing yet is repeated soon, ever later and without a word, until it found something', async () => {
  let empty = true;
  const { clock, task, startedAt, failures, lines } = rig(async () => (empty ? NOTHING_YET : undefined));
  task.start();
  await turn();
  await clock.advance(1_900);
  expect(startedAt).toEqual([0, 300, 850, 1_900]);
  empty = false;
  await clock.advance(60_000);
  expect(startedAt).toEqual([0, 300, 850, 1_900, 3_950]);
  expect([failures, lines()]).toEqual([[], []]);
  await task.stop();
});

test('a failure does not slow down a task that is due more often than that', async () => {
  const fail = async () => {
    throw new Error('away');
  };
  const { clock, task, startedAt } = rig(fail, { intervalMs: 20 });
  task.start();
  await turn();
  await clock.advance(40);
  expect(startedAt).toEqual([0, 20, 40]);
  await task.stop();
});

test('without an interval it is repeated until it succeeds, once', async () => {
  let away = true;
  const { clock, task, startedAt } = rig(
    async () => {
      if (away) throw new Error('away');
    },
    { intervalMs: undefined },
  );
  task.start();
  await turn();
  away = false;
  await clock.advance(3_600_000);
  expect([startedAt.length, clock.sleeping]).toEqual([2, 0]);
  await task.stop();
});

test('what a stop interrupts is no failure', async () => {
  const interrupted = (signal: AbortSignal) =>
    new Promise<void>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('given up')), { once: true }),
    );
  const { task, failures, lines } = rig(interrupted);
  task.start();
  await task.stop();
  expect([failures, lines()]).toEqual([[], []]);
});
