import { isMet } from '../../goal.ts';
import type { CellName } from '../cells.ts';
import type { ContestantName } from '../contestants/contestant.ts';
import type { Pass } from '../passes.ts';
import { select } from '../plan.ts';
import type { Round } from '../round.ts';
import type { Seen } from './goal.ts';
import { GOALS } from './index.ts';

const ROUND: Round = {
  ...{ acknowledged: 10_000, delivered: 0, windowMs: 1_000, perSecond: 10_000, deliveredPerSecond: 0 },
  ...{ p50Ms: 2, p95Ms: 3, p99Ms: 4, maxMs: 5, cpuUsPerSecond: 500_000, pssBytes: 1, foreignCpu: 0 },
  ...{ writtenPerSecond: 6_000_000, devicePerSecond: 12_000_000, clientCpuUsPerSecond: 1, lost: 0 },
  ...{ familyUsPerSecond: 0, waited: 0, meanMs: 2 },
};

/** A pass in which every contestant of every cell had this round, changed by what is given. */
function passOf(changes: Partial<Record<`${CellName} ${ContestantName}`, Partial<Round>>>): Pass {
  const rounds = Object.fromEntries(
    select(undefined).cells.map(({ name, contestants }) => [
      name,
      Object.fromEntries(contestants.map((of) => [of, { ...ROUND, ...changes[`${name} ${of}`] }])),
    ]),
  );
  const probe = { syncP50Ms: 0.2, syncP99Ms: 1, workMs: 20 };
  const bare = { closed: { p50Ms: 1, p99Ms: 2 }, paced: { p50Ms: 1, p99Ms: 2 } };
  return { rounds, bare, before: probe, after: probe };
}

function seenOf(...passes: Pass[]): Seen {
  const state = (queued: number) => ({ queued, p50Ms: 1, pssBytes: 1e8, drainPerSecond: 1_000 });
  return {
    passes,
    allPasses: passes,
    growth: {
      ...{ small: state(1_000), large: { ...state(1_000_000), pssBytes: 1.5e8 } },
      ...{ restarts: 3, readyMs: 600, firstAckMs: 700, firstDeliveryMs: 900, lost: 0 },
    },
    idleBytes: { forwarder: 3e8, smallHeap: 2e8, otel: 1.5e8 },
  };
}

const judged = (seen: Seen) => Object.assign({}, ...GOALS.map((goal) => goal.judge(seen)));

test('a ratio is taken within a pass: what slows a whole pass down changes nothing', () => {
  const fast = passOf({ 'accept otel': { perSecond: 1_000 } });
  const slow = passOf({ 'accept forwarder': { perSecond: 5_000 }, 'accept otel': { perSecond: 500 } });
  expect(judged(seenOf(fast, slow, fast)).G2).toMatchObject({ value: 10, deviation: 0 });
});

test('the value is the median of the passes, and its deviation tells how far they were apart', () => {
  const passes = [8_000, 9_000, 20_000].map((perSecond) => passOf({ 'accept forwarder': { perSecond } }));
  const { value, deviation } = judged(seenOf(...passes)).G1;
  expect(value).toBeCloseTo(0.9);
  expect(deviation).toBeCloseTo(0.1);
});

test('every goal is judged from what a whole run measures, in the right direction', () => {
  const good = passOf({
    'accept otel': { perSecond: 500 },
    'accept sqlite': { perSecond: 5_000, p99Ms: 100 },
    'through forwarder': { deliveredPerSecond: 6_000 },
    'through otel': { deliveredPerSecond: 300 },
  });
  const all = judged(seenOf(good));
  expect(Object.fromEntries(Object.entries(all).map(([name, part]) => [name, isMet(part as never)]))).toEqual(
    {
      ...{ G1: true, G2: true, G3: true, G4: false, G5_lmdb: false, G5_sqlite: true, G5_p99: true },
      ...{ G6: true, G6_p99: true, G12: false, G12_otel: false },
      ...{ G14_ack: true, G14_drain: true, G14_memory: false, G15_ready: false, G15_delivery: true },
      ...{ G16: false, G16_process: true, G17: true, G18: true },
    },
  );
});

test('one lost event anywhere misses G18, also in a pass that was thrown away', () => {
  const seen = seenOf(passOf({}));
  const { G18 } = judged({ ...seen, allPasses: [passOf({ 'accept nats': { lost: 1 } }), passOf({})] });
  expect(G18).toMatchObject({ value: 1 });
  expect(isMet(G18)).toBe(false);
});
