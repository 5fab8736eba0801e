import type { AppLabel } from '@scholar/contract';
import fc from 'fast-check';
import { judge } from '../audit/audit.ts';
import { describeRemedy, type ServedLabel } from '../audit/remedy.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import { appOf, healthySnapshot, told } from '../audit/testing/healthy-snapshot.ts';
import { DEFAULT_LIMITS, type LedgerEntry, MAX_RESTARTS_PER_REPAIR, NO_REPAIRS } from './budget.ts';
import { endRepairs } from './end-repairs.ts';
import { type LedgerStore, RepairRefused } from './ledger.ts';
import { notProven } from './prove.ts';
import { recordOf } from './record.ts';
import { nothingRepaired, repair } from './repair.ts';

/** Entries in memory; whoever read something else than what is there now comes too late. */
function ledgerOf(entries = new Map<string, LedgerEntry>()): LedgerStore {
  return {
    read: async (label) => ({
      entry: entries.get(label) ?? NO_REPAIRS,
      version: JSON.stringify(entries.get(label)),
    }),
    write: async (label, entry, before) => {
      if (JSON.stringify(entries.get(label)) !== before.version) return false;
      entries.set(label, entry);
      return true;
    },
  };
}

/** A system that is in the next of these states after every change, and stays in the last one. */
const NOON = Date.parse('2026-11-29T12:00:00Z');

function systemOf(states: Snapshot[], { ledger = ledgerOf(), holder = 'test', nowMs = NOON } = {}) {
  const applied: string[] = [];
  const undone: ServedLabel[] = [];
  const slept: number[] = [];
  let now = nowMs;
  const clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
    },
  };
  return {
    applied,
    undone,
    slept,
    clock,
    holder,
    limits: DEFAULT_LIMITS,
    target: {
      gather: async () => states[Math.min(applied.length, states.length - 1)] ?? healthySnapshot(),
      place: async (judged: readonly ReturnType<typeof judge>[number][]) => [...judged],
      ledger,
      beginRepair: async (label: ServedLabel) => ({
        apply: async (remedies: readonly Parameters<typeof describeRemedy>[0][]) => {
          applied.push(...remedies.map(describeRemedy));
          return remedies.map(() => 'done');
        },
        undo: async () => {
          undone.push(label);
          return ['EMIT_MODE as before'];
        },
      }),
    },
  };
}

async function repaired(system: ReturnType<typeof systemOf>, before: Snapshot) {
  const result = nothingRepaired();
  await repair(system, judge(before), { onStep: () => undefined, repaired: result });
  return result;
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

function onConsole(...labels: AppLabel[]): Snapshot {
  const snapshot = healthySnapshot();
  for (const label of labels) told(appOf(snapshot, label).running).emit_mode = 'console';
  return snapshot;
}

/** A truth table in which these apps have their row. */
const proofOf = (...labels: AppLabel[]) => ({
  table: {
    table: labels.map((label) => ({ label, event: { row: true, event_id: 'e', row_at: 'r' } })),
  } as never,
});

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

test('what was not proven is taken back, what was proven stays, and the record of each says so', async () => {
  const entries = new Map<string, LedgerEntry>();
  const before = onConsole('scholar_auth', 'auto_page_maker');
  const system = systemOf([before, before, before, before, healthySnapshot()], { ledger: ledgerOf(entries) });
  const result = await repaired(system, before);
  const proof = proofOf('auto_page_maker');
  const undone = await endRepairs(
    result,
    (label) => notProven(label, result, proof),
    () => undefined,
  );
  expect(system.undone).toEqual(['scholar_auth']);
  const attempts = [...entries].map(
    ([
      label,
      {
        holder,
        attempts: [only],
      },
    ]) => [label, holder, only?.ok],
  );
  expect(new Set(attempts)).toEqual(
    new Set([
      ['scholar_auth', '', false],
      ['auto_page_maker', '', true],
    ]),
  );
  const context = { at: '2026-11-29T12:00:00Z', target: 'cluster' as const, repaired: result, undone, proof };
  const records = result.drifts.map((finding) => recordOf(finding, context));
  expect(
    records.map(({ finding, ok, rolled_back, attempt, detail }) => ({
      app: finding.app,
      ok,
      rolled_back,
      attempt,
      detail,
    })),
  ).toEqual([
    {
      app: 'A1',
      ok: false,
      rolled_back: true,
      attempt: 1,
      detail: 'rolled back, because no event of scholar_auth was read back: EMIT_MODE as before',
    },
    { app: 'A7', ok: true, rolled_back: false, attempt: 1, detail: 'proven' },
  ]);
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

test('a record tells when each step ended, in their order', async () => {
  const before = onConsole('scholar_auth');
  const system = systemOf([before, healthySnapshot()]);
  const begin = system.target.beginRepair;
  const target = {
    ...system.target,
    beginRepair: async (label: ServedLabel) => ({
      ...(await begin(label)),
      dryRun: () => system.clock.sleep(1_000),
    }),
  };
  const result = await repaired({ ...system, target }, before);
  const [drift] = result.drifts;
  if (drift === undefined) throw new Error('nothing was found');
  const row = { label: 'scholar_auth', event: { row: true, event_id: 'e', row_at: 'r' } };
  const proof = { table: { table: [{ ...row, hops: { read_at: '2026-11-29T12:00:09.000Z' } }] } as never };
  const context = { at: 'now', target: 'cluster' as const, repaired: result, undone: new Map(), proof };
  expect(recordOf(drift, context).steps).toEqual({
    found_at: '2026-11-29T12:00:00.000Z',
    dry_run_at: '2026-11-29T12:00:01.000Z',
    applied_at: '2026-11-29T12:00:01.000Z',
    proven_at: '2026-11-29T12:00:09.000Z',
  });
});

test('a row does not prove a repair whose finding is still there', async () => {
  const before = onConsole('scholar_auth');
  const result = await repaired(systemOf([before]), before);
  expect(notProven('scholar_auth', result, proofOf('scholar_auth'))).toBe(
    'the audit still finds console_only_telemetry',
  );
});

test('a repair that cannot be taken back is told, and the next app still gets its turn', async () => {
  const before = onConsole('scholar_auth', 'auto_page_maker');
  const result = await repaired(systemOf([before]), before);
  const [first] = result.open.values();
  if (first === undefined) throw new Error('nothing is open');
  first.session.undo = () => Promise.reject(new Error('the cluster does not answer'));
  const undone = await endRepairs(
    result,
    () => 'nobody looked',
    () => undefined,
  );
  expect([...undone.values()].map(({ complete, what }) => [complete, what.join()])).toEqual([
    [false, 'could not be taken back: the cluster does not answer'],
    [true, 'EMIT_MODE as before'],
  ]);
});

test('an interruption ends the repair before the next app; what is open can be taken back', async () => {
  const before = onConsole('scholar_auth', 'auto_page_maker');
  const interrupted = new AbortController();
  const system = systemOf([before]);
  const result = nothingRepaired();
  const stop = (text: string) => {
    if (text.startsWith('restart')) interrupted.abort(new Error('interrupted'));
  };
  const deps = { ...system, signal: interrupted.signal };
  await expect(repair(deps, judge(before), { onStep: stop, repaired: result })).rejects.toThrow(
    'interrupted',
  );
  expect([...result.open.keys()]).toHaveLength(1);
  await endRepairs(
    result,
    () => 'it was interrupted',
    () => undefined,
  );
  expect(system.undone).toHaveLength(1);
});

/** What an app may look like to an audit, however it came to that. */
const looks: (() => Snapshot)[] = [
  healthySnapshot,
  stopped,
  withDeadLetters,
  () => onConsole('scholar_auth'),
  () => {
    const snapshot = onConsole('scholar_auth');
    told(appOf(snapshot, 'scholar_auth').running).event_names = 'legacy';
    return snapshot;
  },
];

test('whatever is found, however often it is asked for and whatever is proven: an app is restarted a bounded number of times an hour', async () => {
  const bound = MAX_RESTARTS_PER_REPAIR * DEFAULT_LIMITS.maxPerAppPerHour;
  const asks = fc.array(
    fc.record({
      before: fc.constantFrom(...looks),
      after: fc.array(fc.constantFrom(...looks), { minLength: 1, maxLength: 3 }),
      proven: fc.boolean(),
      waitMs: fc.integer({ min: 0, max: 4 * 60_000 }),
    }),
    { minLength: 8, maxLength: 16 },
  );
  await fc.assert(
    fc.asyncProperty(asks, async (story) => {
      const ledger = ledgerOf();
      const restarts: number[] = [];
      let nowMs = NOON;
      for (const { before, after, proven, waitMs } of story) {
        nowMs += waitMs;
        const system = systemOf([before(), ...after.map((look) => look())], { ledger, nowMs });
        const result = await repaired(system, before());
        const proof = proofOf(...(proven ? (['scholar_auth'] as const) : []));
        await endRepairs(
          result,
          (label) => notProven(label, result, proof),
          () => undefined,
        );
        const applied = system.applied.filter((text) => /^(re)?start/u.test(text)).length;
        for (let each = 0; each < applied + system.undone.length; each += 1) restarts.push(nowMs);
        nowMs = system.clock.now();
      }
      for (const end of restarts)
        expect(restarts.filter((at) => at > end - 3_600_000 && at <= end).length).toBeLessThanOrEqual(bound);
    }),
    { numRuns: 15 },
  );
});
