import { judge } from '../audit/audit.ts';
import type { ServedLabel } from '../audit/remedy.ts';
import { healthySnapshot } from '../audit/testing/healthy-snapshot.ts';
import type { LedgerEntry } from './budget.ts';
import { endRepairs } from './end-repairs.ts';
import { notProven } from './prove.ts';
import { recordOf } from './record.ts';
import { nothingRepaired, repair } from './repair.ts';
import { ledgerOf, onConsole, proofOf, repaired, systemOf } from './testing/system-of-states.ts';

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
