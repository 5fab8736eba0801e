import { NOW, specOf } from './testing/facts.ts';
import { tableRig as rig } from './testing/table-rig.ts';

test('a new table is announced, then proven by rows, and A8 hears the table before the heartbeat', async () => {
  const { pass, reasons, system, written, said } = rig();
  expect(await pass()).toBe(250);
  expect([reasons(), system.told]).toEqual(['Pending Verifying Pending', []]);
  await pass();
  expect(reasons()).toBe('AllGreen Settled AsExpected');
  expect(system.told).toEqual(['verdicts', 'heartbeat cluster 60']);
  expect(written.at(-1)?.summary).toEqual({ green: 7, red: 0, unknown: 0 });
  expect(written.at(-1)?.rows?.every(({ event }) => event?.row === true)).toBe(true);
  expect(said.filter((reason) => reason.startsWith('Ready'))).toEqual(['ReadyAllGreen']);
});

test('an hour without a change has one write for each canary, and no Event', async () => {
  const { passes, system, written, said } = rig();
  await passes(2);
  const [writes, events] = [written.length, said.length];
  await passes(60);
  expect(system.clock.now() - NOW).toBeGreaterThan(3_600_000);
  expect([written.length - writes, said.length - events]).toEqual([60, 0]);
  expect(system.told.filter((each) => each === 'verdicts')).toHaveLength(61);
  expect(system.opened()).toBe(0);
});

test('a row that is red is red in the status, and with Observe nothing is changed', async () => {
  const { passes, reasons, system, written } = rig();
  system.stop('provider_register');
  await passes(4);
  expect(reasons()).toBe('RowRed Settled RowRed');
  expect(written.at(-1)?.rows?.find(({ verdict }) => verdict === 'red')?.label).toBe('provider_register');
  expect(system.repaired).toEqual([]);
});

test('with Repair a drift is seen twice, announced, repaired, proven and told, one app at a time', async () => {
  const { pass, passes, reasons, system, written } = rig({ remedy: 'Repair' });
  await passes(2);
  system.stop('provider_register');
  system.stop('scholar_auth');
  expect(await pass()).toBe(10_000);
  expect([reasons(), system.repaired]).toEqual(['RowRed Settled RowRed', []]);
  expect(await pass()).toBe(250);
  expect([reasons(), system.repaired]).toEqual(['RowRed Repairing RowRed', []]);
  await pass();
  expect(system.repaired).toEqual(['provider_register']);
  await pass();
  expect(system.repaired).toEqual(['provider_register', 'scholar_auth']);
  expect(reasons()).toBe('AllGreen Settled AsExpected');
  expect(written.at(-1)?.repairs?.map(({ app, ok }) => [app, ok])).toEqual([
    ['scholar_auth', true],
    ['provider_register', true],
  ]);
  expect(system.undone).toEqual([]);
});

test('a repair that no row proves is taken back, told, and not tried again at once', async () => {
  const { passes, reasons, system, written } = rig({ remedy: 'Repair' });
  await passes(2);
  system.stop('scholar_auth');
  system.breakForGood('scholar_auth');
  await passes(3);
  expect([new Set(system.repaired), system.undone]).toEqual([new Set(['scholar_auth']), ['scholar_auth']]);
  expect(reasons()).toBe('RowRed Settled RepairFailed');
  expect(written.at(-1)?.repairs?.[0]).toMatchObject({ app: 'scholar_auth', ok: false });
  const tries = system.repaired.length;
  await passes(1);
  expect(system.repaired).toHaveLength(tries);
});

test('an app that a person began to repair a moment before is left to him, and that is no failed repair', async () => {
  const { passes, reasons, system, written } = rig({ remedy: 'Repair' });
  await passes(2);
  system.stop('scholar_auth');
  system.overtake('scholar_auth');
  await passes(3);
  expect([system.repaired, system.undone, written.at(-1)?.repairs]).toEqual([[], [], undefined]);
  expect(reasons()).toBe('RowRed Settled RowRed');
});

test('a new leader ends what the one before left half done, once and by rows, and what has not helped is repaired again after the pause', async () => {
  const { passes, reasons, system, written } = rig({ remedy: 'Repair' });
  system.interrupt('student_pilot', ['key_not_accepted']);
  system.interrupt('scholar_auth', ['forwarder_stopped']);
  system.stop('scholar_auth');
  await passes(2);
  const told = () => written.at(-1)?.repairs?.map(({ app, ok }) => `${app} ${ok}`);
  expect(told()).toEqual(['student_pilot true', 'scholar_auth false']);
  expect([reasons(), system.repaired]).toEqual(['RowRed Settled RepairFailed', []]);
  await passes(4);
  expect(new Set(system.repaired)).toEqual(new Set(['scholar_auth']));
  expect(told()?.filter((each) => each !== 'scholar_auth true')).toEqual([
    'student_pilot true',
    'scholar_auth false',
  ]);
  expect(reasons()).toBe('AllGreen Settled AsExpected');
});

test('where nobody can look, what is known stays until it expires and is unknown then', async () => {
  const { pass, passes, reasons, system, written } = rig();
  await passes(2);
  system.hide(true);
  await pass();
  expect(reasons()).toBe('AllGreen Settled AsExpected');
  for (let passed = 0; passed < 12 && reasons().startsWith('AllGreen'); passed += 1) await pass();
  expect(reasons()).toBe('EvidenceExpired Settled HubUnreachable');
  expect(written.at(-1)?.summary).toEqual({ green: 0, red: 0, unknown: 7 });
  system.hide(false);
  await pass();
  expect(reasons()).toBe('AllGreen Settled AsExpected');
});

test('a new generation begins without the rows of the one before', async () => {
  const { pass, passes, reasons, change, written } = rig();
  await passes(2);
  change({ canaryInterval: '2m' });
  await pass();
  expect([reasons(), written.at(-1)?.rows]).toEqual(['Pending Verifying Pending', []]);
  expect(await pass()).toBe(120_000);
  expect(reasons()).toBe('AllGreen Settled AsExpected');
});

test('only the apps of the spec have rows', async () => {
  const spec = specOf(['scholar_auth']);
  const { passes, reasons, system, written } = rig({ apps: spec.apps });
  system.stop('provider_register');
  await passes(2);
  expect(written.at(-1)?.rows?.map(({ label }) => label)).toEqual(['scholar_auth']);
  expect(reasons()).toBe('AllGreen Settled AsExpected');
});

test('an environment that is not that of A8 is no table at all', async () => {
  const { passes, reasons, system, written } = rig({ environment: 'production' });
  await passes(2);
  expect(reasons()).toBe('SpecUnusable Settled SpecUnusable');
  expect([written.at(-1)?.rows, system.told]).toEqual([[], []]);
});

test('the guards of A8 are tried with the first canaries and every five minutes from then on, eight requests each', async () => {
  const { passes, written, system, reasons } = rig();
  await passes(2);
  const guards = written.at(-1)?.guards;
  expect(guards).toMatchObject({ kept: 7, failed: 0, unknown: 0 });
  expect(guards?.guards.map(({ name, verdict, got }) => [name, verdict, got])).toEqual([
    ['wrong_key', 'kept', '401 unauthorized'],
    ['ingest', 'kept', '410 legacy_endpoint'],
    ['wrong_protocol', 'kept', '426 unsupported_protocol'],
    ['unknown_label', 'kept', '422 unknown_label'],
    ['id_not_v4', 'kept', '422 invalid_event_id'],
    ['duplicate', 'kept', '200 duplicate:true'],
    ['same_id_other_body', 'kept', '409 event_id_conflict'],
  ]);
  expect(guards?.guards.every(({ eventId }) => eventId !== undefined)).toBe(true);
  await passes(59);
  expect(system.clock.now() - NOW).toBeGreaterThan(59 * 60_000);
  expect(system.hub.asked()).toBe(12 * 8);
  expect(reasons()).toBe('AllGreen Settled AsExpected');
});

test('an A8 that takes what it must refuse is a degradation, told once, until it refuses again', async () => {
  const { passes, written, system, reasons, said } = rig({ canaryInterval: '5m' });
  system.hub.openDoor(true);
  await passes(3);
  expect(reasons()).toBe('AllGreen Settled GuardBroken');
  expect(written.at(-1)?.guards).toMatchObject({ kept: 6, failed: 1, findings: [{ code: 'guard_open' }] });
  expect(said.filter((reason) => reason === 'DegradedGuardBroken')).toHaveLength(1);
  system.hub.openDoor(false);
  await passes(1);
  expect(reasons()).toBe('AllGreen Settled AsExpected');
});

test('guards that could not be tried are tried again after a minute, and a new generation does not try them anew', async () => {
  const { passes, pass, written, system, change } = rig({ canaryInterval: '10m', guards: { every: '1h' } });
  system.hub.away(true);
  await passes(1);
  expect(await pass()).toBe(60_000);
  expect(written.at(-1)?.guards).toMatchObject({ kept: 0, failed: 0, unknown: 7 });
  system.hub.away(false);
  await pass();
  expect(written.at(-1)?.guards).toMatchObject({ kept: 7, unknown: 0 });
  const asked = system.hub.asked();
  change({ canaryInterval: '11m' });
  await passes(2);
  expect([system.hub.asked(), written.at(-1)?.guards?.kept]).toEqual([asked, 7]);
});

test('in a pass that repairs the guards are not tried; the next one tries them', async () => {
  const { passes, pass, written, system } = rig({ remedy: 'Repair', guards: { every: '1m' } });
  await passes(2);
  system.stop('provider_register');
  await passes(2);
  const asked = system.hub.asked();
  system.pass(60_000);
  await pass();
  expect([system.repaired, system.hub.asked()]).toEqual([['provider_register'], asked]);
  await pass();
  expect(system.hub.asked()).toBe(asked + 8);
  expect(written.at(-1)?.guards?.kept).toBe(7);
});

test('without drill in the spec there is no drill', async () => {
  const { passes, drilled, written } = rig();
  await passes(5);
  expect(drilled).toEqual([]);
  expect(written.at(-1)).not.toHaveProperty('lastDrill');
});

test('a drill goes on beside the passes, is in the status and in the table of A8 from then on, and comes again', async () => {
  const spec = { drill: { every: '1h', app: 'student_pilot' as const, events: 50 } };
  const { passes, drilled, written, system, reasons } = rig(spec);
  await passes(2);
  expect(drilled).toEqual(['student_pilot']);
  await passes(1);
  const first = written.at(-1)?.lastDrill;
  expect(first).toMatchObject({ app: 'student_pilot', ok: true, queued: 90, rows: 90, recoveryMs: 840 });
  expect(system.tables.at(-1)?.last_drill).toMatchObject({ label: 'student_pilot', queued: 90 });
  expect(reasons()).toBe('AllGreen Settled AsExpected');
  await passes(50);
  expect(drilled).toHaveLength(1);
  await passes(15);
  expect(drilled).toHaveLength(2);
  expect(written.at(-1)?.lastDrill?.at).not.toBe(first?.at);
});

test('where nobody can look there is no drill', async () => {
  const { passes, drilled, system } = rig({ drill: { every: '1h', app: 'scholar_auth', events: 50 } });
  system.hide(true);
  await passes(4);
  expect(drilled).toEqual([]);
});

test('a table that is gone is forgotten', async () => {
  const { pass, remove, written } = rig();
  remove();
  expect(await pass()).toBeUndefined();
  expect(written).toEqual([]);
});
