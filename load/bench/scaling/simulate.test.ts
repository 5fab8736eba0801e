import { type Costs, type Scenario, simulate } from './simulate.ts';
import { Cores, Thread } from './simulate-cores.ts';
import { EventQueue } from './simulate-queue.ts';
import { createDraw, createRandom } from './simulate-random.ts';

const COSTS: Costs = {
  sendUs: 40,
  hubStatementUs: 0,
  hubLoopUs: 100,
  hubHelperUs: 0,
  statementUs: 100,
  rowUs: 20,
  flushUs: [200],
  spread: [1],
  networkUs: 50,
};

const SEPARATE: Scenario = {
  senders: 7,
  window: 32,
  replicas: 1,
  shards: 1,
  policy: 'mixed',
  machines: { kind: 'separate', coresOfShard: 8 },
  warmUpS: 0.2,
  seconds: 1,
  seed: 7,
};

function near(value: number, expected: number, share: number): void {
  expect(Math.abs(value / expected - 1)).toBeLessThan(share);
}

test('the same seed gives the same prediction, to the last digit', () => {
  const costs = { ...COSTS, flushUs: [100, 200, 900], spread: [0.8, 1, 1.5] };
  const again = () => simulate(costs, { ...SEPARATE, shards: 2, policy: 'by_shard' });
  expect(again()).toEqual(again());
});

test('a single post takes the sum of its parts', () => {
  const alone = simulate(COSTS, { ...SEPARATE, senders: 1, window: 1 });
  const parts = 40 + 100 + 120 + 200 + 2 * 50;
  expect(alone.p50Ms).toBeCloseTo(parts / 1_000);
  near(alone.eventsPerSecond, 1e6 / parts, 0.01);
  expect(alone.rowsPerStatement).toBe(1);
});

test('one replica is bound by its event loop, and as many events wait as Little says', () => {
  const one = simulate(COSTS, SEPARATE);
  near(one.eventsPerSecond, 1e6 / COSTS.hubLoopUs, 0.02);
  near(one.p50Ms, (7 * 32 * 1_000) / one.eventsPerSecond, 0.1);
});

test('a second replica doubles the rate while PostgreSQL has cores to spare', () => {
  const two = simulate(COSTS, { ...SEPARATE, senders: 14, replicas: 2 });
  near(two.eventsPerSecond, 2e6 / COSTS.hubLoopUs, 0.03);
});

test('on one machine the sum of all CPU is the bound, and what others take is missing', () => {
  const machines = { kind: 'one', cores: 2, othersShare: 0 } as const;
  const perEvent = 40 + 100 + 20;
  const two = simulate(COSTS, { ...SEPARATE, replicas: 2, machines });
  expect(two.eventsPerSecond).toBeLessThan(2e6 / perEvent);
  near(two.eventsPerSecond, 2e6 / perEvent, 0.15);
  const disturbed = simulate(COSTS, {
    ...SEPARATE,
    replicas: 2,
    machines: { ...machines, othersShare: 0.5 },
  });
  near(disturbed.eventsPerSecond, two.eventsPerSecond / 2, 0.1);
});

test('commits that wait for one flush share the next', () => {
  const slowDisk = { ...COSTS, flushUs: [20_000] };
  const { rowsPerStatement, eventsPerSecond } = simulate(slowDisk, { ...SEPARATE, replicas: 4, senders: 28 });
  expect(rowsPerStatement).toBeGreaterThan(50);
  expect(eventsPerSecond).toBeGreaterThan(10_000);
});

describe('when the disk of one of four shards hangs', () => {
  const stalled = (policy: Scenario['policy']) =>
    simulate(COSTS, { ...SEPARATE, shards: 4, policy, seconds: 9, stall: { fromS: 2, toS: 7 } }).perSecond;

  test('mixed batches stop all shards, and go on when it is back', () => {
    const rates = stalled('mixed');
    expect(rates.slice(3, 6)).toEqual([0, 0, 0]);
    near(rates[8] ?? 0, rates[0] ?? 0, 0.05);
  });

  test('batches by shard alone do not help: the windows of the forwarders fill with what waits', () => {
    expect(Math.max(...stalled('by_shard').slice(3, 6))).toBeLessThan(100);
  });

  test('forwarders with a window for each shard keep the other three going', () => {
    const rates = stalled('end_to_end');
    for (const rate of rates.slice(3, 6)) expect(rate).toBeGreaterThan((rates[0] ?? 0) * 0.7);
  });
});

test('a core is shared in turns: two threads on one core take twice as long, on two cores they do not', () => {
  const ends = (count: number) => {
    const queue = new EventQueue();
    const cores = new Cores(queue, count);
    const seen: number[] = [];
    for (let thread = 0; thread < 2; thread += 1) new Thread(cores).run(5_000, () => seen.push(queue.now));
    queue.run(100_000);
    return seen;
  };
  expect(ends(2)).toEqual([5_000, 5_000]);
  expect(ends(1)).toEqual([9_000, 10_000]);
});

test('the queue goes by time, and by order of asking at one time', () => {
  const queue = new EventQueue();
  const seen: string[] = [];
  for (const [delay, name] of [
    [30, 'c'],
    [10, 'a'],
    [30, 'd'],
    [20, 'b'],
  ] as const) {
    queue.after(delay, () => seen.push(`${name}${queue.now}`));
  }
  queue.run(25);
  expect(seen).toEqual(['a10', 'b20']);
  queue.run(30);
  expect(seen).toEqual(['a10', 'b20', 'c30', 'd30']);
});

test('draws have the distribution of their samples', () => {
  const draw = createDraw([1, 2, 3, 4, 5], createRandom(3));
  const drawn = Array.from({ length: 20_000 }, draw);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(5);
  near(drawn.reduce((sum, value) => sum + value, 0) / drawn.length, 3, 0.02);
  expect(() => createDraw([], createRandom(1))).toThrow('at least one');
});
