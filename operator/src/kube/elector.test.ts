import type { Clock } from '@scholar/runtime/clock';
import { silentLogger } from '@scholar/runtime/log';
import { FakeClock, waitFor } from '@scholar/runtime/testing';
import fc from 'fast-check';
import { createElector, type Elector } from './elector.ts';
import { KubeError } from './kube-error.ts';
import type { Lease, LeaseRecord } from './lease.ts';

/** The Lease as the API server keeps it: whoever writes must know the version that he replaces. */
class LeaseServer {
  lease: Lease | undefined;
  writes = 0;
  writtenAt = 0;
  /** How long the answer to a write is under way. */
  answerMs = 0;
  readonly cutOff = new Set<string>();

  seenBy(identity: string): LeaseRecord {
    const reach = (): void => {
      if (this.cutOff.has(identity)) throw new KubeError('away', undefined, undefined);
    };
    return {
      read: async () => {
        reach();
        return structuredClone(this.lease);
      },
      write: async (before, spec) => {
        reach();
        if (before?.metadata.resourceVersion !== this.lease?.metadata.resourceVersion) {
          throw new KubeError('conflict', 409, undefined);
        }
        this.writes += 1;
        this.lease = { metadata: { name: 'l', resourceVersion: String(this.writes) }, spec };
        this.writtenAt = clock.monotonic();
        if (this.answerMs > 0) await clock.sleep(this.answerMs);
        return structuredClone(this.lease);
      },
    };
  }
}

let server: LeaseServer;
let clock: FakeClock;
let electors: Elector[];
let led: string[];

beforeEach(() => {
  server = new LeaseServer();
  clock = new FakeClock();
  electors = [];
  led = [];
});

afterEach(() => Promise.all(electors.map((each) => each.stop())));

function elector(identity: string, own: Clock = clock): Elector {
  const made = createElector({
    lease: server.seenBy(identity),
    identity,
    onLead: (signal) => {
      led.push(`${identity} leads`);
      signal.addEventListener('abort', () => led.push(`${identity} ends`));
    },
    clock: own,
    random: () => 0.5,
    log: silentLogger(),
  });
  electors.push(made);
  made.start();
  return made;
}

/** Lets what is due happen, in small steps of time. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(500);
  }
}

test('the first leads and renews, the second follows without a write', async () => {
  const a = elector('a');
  await pass(1_000);
  const b = elector('b');
  await pass(60_000);
  expect([a.isLeader(), b.isLeader(), led]).toEqual([true, false, ['a leads']]);
  expect(server.lease?.spec).toMatchObject({
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    leaseTransitions: 0,
  });
  expect(server.writes).toBeGreaterThan(12);
  expect(server.writes).toBeLessThan(18);
});

test('who stops gives the lease back, and the next leads at its next look', async () => {
  const a = elector('a');
  await pass(1_000);
  const b = elector('b');
  await pass(5_000);
  await a.stop();
  await pass(5_000);
  expect([b.isLeader(), led]).toEqual([true, ['a leads', 'a ends', 'b leads']]);
  expect(server.lease?.spec.leaseTransitions).toBe(1);
});

test('who is cut off has ended before the other begins', async () => {
  const a = elector('a');
  await pass(1_000);
  const b = elector('b');
  await pass(9_000);
  server.cutOff.add('a');
  await pass(40_000);
  expect([a.isLeader(), b.isLeader(), led]).toEqual([false, true, ['a leads', 'a ends', 'b leads']]);
  server.cutOff.delete('a');
  await pass(40_000);
  expect([a.isLeader(), led.length]).toEqual([false, 3]);
});

test('cut off with nobody else there, it ends, and leads again when the server is back', async () => {
  const a = elector('a');
  await pass(1_000);
  server.cutOff.add('a');
  await pass(20_000);
  expect(a.isLeader()).toBe(false);
  server.cutOff.delete('a');
  await pass(5_000);
  expect([a.isLeader(), led]).toEqual([true, ['a leads', 'a ends', 'a leads']]);
});

test('a late answer prolongs nothing: time in office counts from when the renewal was sent', async () => {
  const a = elector('a');
  await pass(1_000);
  server.answerMs = 3_000;
  const before = server.writes;
  while (server.writes < before + 2) await pass(500);
  server.cutOff.add('a');
  let endedAt = 0;
  while (endedAt === 0) {
    await pass(500);
    if (!a.isLeader()) endedAt = clock.monotonic();
  }
  expect(endedAt - server.writtenAt).toBeLessThanOrEqual(10_500);
});

test('a machine that slept does not lead when it wakes: its wall clock says how long it was', async () => {
  let sleptMs = 0;
  const asleep: Clock = {
    now: () => clock.now() + sleptMs,
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
  const a = elector('a', asleep);
  await pass(2_000);
  expect(a.isLeader()).toBe(true);
  sleptMs = 11_000;
  expect(a.isLeader()).toBe(false);
});

test('a wall clock that is set back keeps nobody in office', async () => {
  let setBackMs = 0;
  const a = elector('a', {
    now: () => clock.now() - setBackMs,
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  });
  await pass(2_000);
  setBackMs = 3_600_000;
  server.cutOff.add('a');
  await pass(11_000);
  expect([a.isLeader(), led]).toEqual([false, ['a leads', 'a ends']]);
});

test('whoever is cut off and whenever, by clocks of different speed: never two leaders', async () => {
  const rate = fc.double({ min: 0.85, max: 1.2, noNaN: true });
  const step = fc.record({ ms: fc.integer({ min: 500, max: 20_000 }), cut: fc.subarray(['a', 'b']) });
  await fc.assert(
    fc.asyncProperty(
      rate,
      rate,
      fc.array(step, { minLength: 3, maxLength: 8 }),
      async (rateA, rateB, steps) => {
        server = new LeaseServer();
        clock = new FakeClock();
        const pair = [elector('a', at(rateA)), elector('b', at(rateB))];
        for (const { ms, cut } of steps) {
          server.cutOff.clear();
          for (const each of cut) server.cutOff.add(each);
          for (let passed = 0; passed < ms; passed += 500) {
            await pass(500);
            expect(pair.filter((each) => each.isLeader()).length).toBeLessThan(2);
          }
        }
        server.cutOff.clear();
        await pass(40_000);
        expect(pair.filter((each) => each.isLeader()).length).toBe(1);
        await Promise.all(pair.map((each) => each.stop()));
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

/** A clock that runs so many times as fast as ours. */
function at(rate: number): Clock {
  const base = clock;
  return {
    now: () => base.now() * rate,
    monotonic: () => base.monotonic() * rate,
    sleep: (ms, signal) => base.sleep(ms / rate, signal),
  };
}

test('an elector that was never heard of does not keep the process from stopping', async () => {
  server.cutOff.add('a');
  const a = elector('a');
  await waitFor(() => clock.sleeping > 0);
  await a.stop();
  expect(led).toEqual([]);
});
