import { tableRig as rig } from './testing/table-rig.ts';

const LABEL = 'student_pilot';
const series = (text: string, value: number): boolean =>
  text.includes(`operator_conservation_residual{table="scholar/table",app="${LABEL}"} ${value}\n`);

test('with Observe, rows that are gone are a finding and a figure, and nothing is sent again', async () => {
  const { passes, metrics, reasons, system, written } = rig();
  await passes(2);
  expect(series(await metrics(), 0)).toBe(true);
  system.deleteRows(LABEL, ['a', 'b', 'c']);
  await passes(3);
  expect(series(await metrics(), 3)).toBe(true);
  expect(system.repaired).toEqual([]);
  expect(reasons()).toBe('AllGreen Settled AsExpected');
  const said = written
    .at(-1)
    ?.conditions?.map(({ message }) => message)
    .join(' ');
  expect(said).toContain('A5 rows_lost');
});

test('with Repair they are seen twice, sent again and proven, and the figure is 0 again', async () => {
  const { passes, metrics, reasons, system, written } = rig({ remedy: 'Repair' });
  await passes(2);
  system.deleteRows(LABEL, ['a', 'b', 'c']);
  await passes(4);
  expect(system.repaired).toEqual([LABEL]);
  expect(written.at(-1)?.repairs).toMatchObject([
    { app: LABEL, finding: 'rows_lost', ok: true, remedy: expect.stringContaining('event a and 2 others') },
  ]);
  expect(series(await metrics(), 0)).toBe(true);
  expect(reasons()).toBe('AllGreen Settled AsExpected');
});

test('where they do not come back the repair counts as failed, and the figure stays', async () => {
  const { passes, metrics, reasons, system, written } = rig({ remedy: 'Repair' });
  await passes(2);
  system.breakForGood(LABEL);
  system.deleteRows(LABEL, ['a']);
  await passes(4);
  expect(written.at(-1)?.repairs?.[0]).toMatchObject({ app: LABEL, finding: 'rows_lost', ok: false });
  expect(series(await metrics(), 1)).toBe(true);
  expect(reasons()).toContain('RepairFailed');
});

test('a broken guard is a figure until a later try says otherwise; a table that is gone has no figures', async () => {
  const { passes, metrics, remove, system } = rig();
  await passes(2);
  expect(await metrics()).toContain('operator_guards_failed{table="scholar/table"} 0\n');
  system.hub.openDoor(true);
  await passes(6);
  expect(await metrics()).toContain('operator_guards_failed{table="scholar/table"} 1\n');
  system.hub.openDoor(false);
  await passes(6);
  expect(await metrics()).toContain('operator_guards_failed{table="scholar/table"} 0\n');
  remove();
  await passes(1);
  expect(await metrics()).not.toContain('table="scholar/table"');
});

test('a look tells its findings by severity, each verification what it said, each repair whether an event proved it', async () => {
  const { passes, metrics, system } = rig({ remedy: 'Repair' });
  await passes(2);
  expect(await metrics()).toContain('operator_findings{table="scholar/table",severity="critical"} 0\n');
  expect(await metrics()).toMatch(/operator_proofs_total\{verdict="green"[^}]*\} [1-9]/);
  expect(await metrics()).toMatch(/operator_repairs_total\{result="proven"[^}]*\} 0\n/);
  system.deleteRows(LABEL, ['a', 'b', 'c']);
  await passes(4);
  expect(await metrics()).toMatch(/operator_repairs_total\{result="proven"[^}]*\} 1\n/);
});
