import type { ServedLabel } from '../audit/remedy.ts';
import { healthySnapshot, told } from '../audit/testing/healthy-snapshot.ts';
import type { LedgerEntry } from './budget.ts';
import { RepairRefused } from './ledger.ts';
import {
  ledgerOf,
  onConsole,
  repaired,
  stopped,
  systemOf,
  withDeadLetters,
} from './testing/system-of-states.ts';

test('what a stopped process hid is repaired too, once it runs and shows it', async () => {
  const system = systemOf([stopped(), withDeadLetters(), healthySnapshot()]);
  const { drifts, left } = await repaired(system, stopped());
  expect(system.applied).toEqual([
    'start the forwarder of scholar_auth',
    'send the dead letters of scholar_auth to A8 once more',
  ]);
  expect(drifts.map(({ code }) => code)).toEqual(['forwarder_stopped', 'dead_letters']);
  expect(left).toEqual([]);
});

test('a remedy that did not help is not tried a second time', async () => {
  const system = systemOf([withDeadLetters()]);
  const { left } = await repaired(system, withDeadLetters());
  expect(system.applied).toHaveLength(1);
  expect(left.map(({ code }) => code)).toEqual(['dead_letters']);
});

test('where nothing was applied, nothing is waited for: one more look, and what is found is left', async () => {
  const held = healthySnapshot();
  told(held.hub.running).findings = ['the disk is nearly full'];
  const system = systemOf([held]);
  const { left, steps } = await repaired(system, held);
  expect(steps).toEqual([]);
  expect(left.map(({ code }) => code)).toEqual(['process_finding']);
  expect(system.slept).toEqual([]);
});

test('a repair that was refused applied nothing either, so its findings are not waited for', async () => {
  const system = systemOf([onConsole('scholar_auth')]);
  system.target.beginRepair = async () => {
    throw new RepairRefused('a rollout of scholar-auth is in progress');
  };
  const { left } = await repaired(system, onConsole('scholar_auth'));
  expect(left.map(({ code }) => code)).toEqual(['console_only_telemetry']);
  expect(system.slept).toEqual([]);
});

test('what was applied gets time to show, in looks with pauses between them', async () => {
  const system = systemOf([withDeadLetters()]);
  await repaired(system, withDeadLetters());
  expect(system.slept.length).toBeGreaterThan(10);
});

test('of two who want to repair one app at the same time, one is refused and changes nothing', async () => {
  const ledger = ledgerOf();
  const [one, two] = ['one', 'two'].map((holder) =>
    systemOf([onConsole('scholar_auth'), onConsole('scholar_auth')], { ledger, holder }),
  );
  if (one === undefined || two === undefined) throw new Error('there are two');
  const results = await Promise.all([one, two].map((each) => repaired(each, onConsole('scholar_auth'))));
  const failures = results.flatMap((result) => [...result.failures.values()]);
  expect(failures).toEqual([expect.stringMatching(/repair/)]);
  expect([one, two].filter(({ applied }) => applied.length > 0)).toHaveLength(1);
});

test('a repair that a look refuses, such as a rollout of somebody else, counts as no attempt', async () => {
  const entries = new Map<string, LedgerEntry>();
  const system = systemOf([onConsole('scholar_auth')], { ledger: ledgerOf(entries) });
  system.target.beginRepair = async () => {
    throw new RepairRefused('a rollout of scholar-auth is in progress');
  };
  const { failures } = await repaired(system, onConsole('scholar_auth'));
  expect([...failures]).toEqual([['scholar_auth', 'a rollout of scholar-auth is in progress']]);
  expect(entries.size).toBe(0);
});

test('a change that a dry run refuses is not made, and nothing is there to be taken back', async () => {
  const before = onConsole('scholar_auth');
  const system = systemOf([before]);
  const begin = system.target.beginRepair;
  const refused = new Error('admission webhook denied the request');
  const target = {
    ...system.target,
    beginRepair: async (label: ServedLabel) => ({
      ...(await begin(label)),
      dryRun: () => Promise.reject(refused),
    }),
  };
  const result = await repaired({ ...system, target }, before);
  expect(system.applied).toEqual([]);
  expect(result.failures.get('scholar_auth')).toBe(refused.message);
});
