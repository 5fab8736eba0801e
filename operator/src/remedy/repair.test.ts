import { judge } from '../audit/audit.ts';
import { describeRemedy } from '../audit/remedy.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import { appOf, healthySnapshot, told } from '../audit/testing/healthy-snapshot.ts';
import { repair } from './repair.ts';

/** A system that is in the next of these states after every remedy, and stays in the last one. */
function systemOf(states: Snapshot[]) {
  const applied: string[] = [];
  let now = 0;
  return {
    applied,
    target: {
      gather: async () => states[Math.min(applied.length, states.length - 1)] ?? healthySnapshot(),
      apply: async (remedy: Parameters<typeof describeRemedy>[0]) => {
        applied.push(describeRemedy(remedy));
        return 'done';
      },
    },
    clock: {
      monotonic: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    },
  };
}

function stopped(): Snapshot {
  const snapshot = healthySnapshot();
  const { forwarder } = appOf(snapshot, 'scholar_auth');
  Object.assign(forwarder, { running: undefined, status: undefined });
  forwarder.process = { state: 'stopped', restarts: 0, lastExit: null, lastLines: [] };
  return snapshot;
}

function withDeadLetters(): Snapshot {
  const snapshot = healthySnapshot();
  Object.assign(appOf(snapshot, 'scholar_auth').forwarder.status ?? {}, { dead: { contract: 1, system: 0 } });
  return snapshot;
}

test('what a stopped process hid is repaired too, once it runs and shows it', async () => {
  const system = systemOf([stopped(), withDeadLetters(), healthySnapshot()]);
  const { drifts, left } = await repair(system, judge(stopped()), () => undefined);
  expect(system.applied).toEqual([
    'start the forwarder of scholar_auth',
    'send the dead letters of scholar_auth to A8 once more',
  ]);
  expect(drifts.map(({ code }) => code)).toEqual(['forwarder_stopped', 'dead_letters']);
  expect(left).toEqual([]);
});

test('a remedy that did not help is not tried a second time', async () => {
  const system = systemOf([withDeadLetters()]);
  const { left } = await repair(system, judge(withDeadLetters()), () => undefined);
  expect(system.applied).toHaveLength(1);
  expect(left.map(({ code }) => code)).toEqual(['dead_letters']);
});

test('what has no remedy is waited for and then left', async () => {
  const held = healthySnapshot();
  told(held.hub.running).findings = ['the disk is nearly full'];
  const system = systemOf([held]);
  const { left, steps } = await repair(system, judge(held), () => undefined);
  expect(steps).toEqual([]);
  expect(left.map(({ code }) => code)).toEqual(['process_finding']);
});
