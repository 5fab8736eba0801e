import { createLogger } from '@scholar/runtime/log';
import { CouldNotLook } from '../could-not-look.ts';
import { drillOnceOver } from './drill-once.ts';
import { createDrills, type DrillOnce } from './drills.ts';
import { drillResult } from './testing/drill-result.ts';
import { NOW, specOf } from './testing/facts.ts';
import { oneSystem } from './testing/one-system.ts';
import { wantedTarget } from './wanted-target.ts';

const MINUTE = 60_000;
const wanted = wantedTarget(
  specOf(['scholar_auth'], { drill: { every: '1h', app: 'scholar_auth', events: 50 } }),
  'scholar',
);

function rig(drillOnce: DrillOnce) {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    label: 'test',
    role: 'operator',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  let nowMs = NOW;
  const clock = { now: () => nowMs, monotonic: () => nowMs, sleep: async () => undefined };
  const stop = new AbortController();
  const drills = createDrills({ drillOnce, clock, log });
  return {
    drills,
    lines,
    stop,
    consider: (key = 'scholar/table', lastAt?: string) =>
      drills.consider(key, { wanted, lastAt, signal: stop.signal }),
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('one drill at a time, for all tables together', async () => {
  const begun: string[] = [];
  let end = (): void => undefined;
  const { drills, consider } = rig(async ({ namespace }) => {
    begun.push(namespace);
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    return drillResult();
  });
  consider('a/table');
  consider('b/table');
  consider('a/table');
  expect(begun).toHaveLength(1);
  end();
  await drills.settled();
  expect([drills.last('a/table')?.ok, drills.last('b/table')]).toEqual([true, undefined]);
  consider('b/table');
  expect(begun).toHaveLength(2);
  end();
  await drills.settled();
});

test('the last drill of the status counts, so that a new leader does not drill anew', async () => {
  let drilled = 0;
  const { drills, consider, pass } = rig(async () => {
    drilled += 1;
    return drillResult();
  });
  const lastAt = new Date(NOW - 50 * MINUTE).toISOString();
  consider('a', lastAt);
  expect(drilled).toBe(0);
  pass(11 * MINUTE);
  consider('a', lastAt);
  await drills.settled();
  expect(drilled).toBe(1);
});

test('a drill that could not be tried is told, is no last drill, and is tried again after ten minutes', async () => {
  let tries = 0;
  const { drills, consider, pass, lines } = rig(async () => {
    tries += 1;
    throw new CouldNotLook('no key');
  });
  consider();
  await drills.settled();
  expect(drills.last('scholar/table')).toBeUndefined();
  expect(lines.at(-1)).toMatchObject({ level: 'warn', why: 'no key' });
  pass(9 * MINUTE);
  consider();
  await drills.settled();
  expect(tries).toBe(1);
  pass(2 * MINUTE);
  consider();
  await drills.settled();
  expect(tries).toBe(2);
});

test('a red drill is the last drill too, and the log names why', async () => {
  const reasons = ['Events that are acknowledged and without a row: x.'];
  const { drills, consider, lines } = rig(async () => drillResult({ ok: false, rows: 89, reasons }));
  consider();
  await drills.settled();
  expect(drills.last('scholar/table')).toMatchObject({ ok: false, rows: 89 });
  expect(lines.at(-1)).toMatchObject({ level: 'warn', reasons });
});

test('who stops to lead begins none, and one that was interrupted says nothing', async () => {
  let begun = 0;
  const { drills, consider, stop, lines } = rig(async (_wanted, signal) => {
    begun += 1;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    throw signal.reason;
  });
  consider();
  stop.abort();
  await drills.settled();
  consider();
  expect([begun, lines, drills.last('scholar/table')]).toEqual([1, [], undefined]);
});

test('a drill opens a target of its own and closes it, also when the key cannot be had', async () => {
  const { open, opened } = oneSystem(NOW);
  const openTarget = async () => ({
    ...(await open()),
    emission: () => Promise.reject(new CouldNotLook('no key')),
  });
  const clock = { now: () => NOW, monotonic: () => NOW, sleep: async () => undefined };
  const once = drillOnceOver(openTarget, clock, () => ({ command: process.execPath, args: [] }));
  const drill = { everyMs: MINUTE, label: 'scholar_auth', events: 1 } as const;
  await expect(once({ ...wanted, drill }, new AbortController().signal)).rejects.toThrow('no key');
  expect(opened()).toBe(0);
});
