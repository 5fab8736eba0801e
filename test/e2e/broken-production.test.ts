import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventIdsIn } from '../harness/event-ids.ts';
import { LocalSystem } from '../harness/local-system.ts';

let system: LocalSystem;

beforeAll(async () => {
  system = await LocalSystem.start('--profile', 'broken');
}, 120_000);

afterAll(async () => {
  await system.stop();
}, 120_000);

const NAMED = [
  'A1 authorization_missing',
  'A1 direct_emission',
  'A1 legacy_endpoint',
  'A1 legacy_event_names',
  'A2 stripe_secret_key_missing',
  'A6 app_stopped',
  'A7 console_only_telemetry',
];

test("the audit names every drift of the brief's production, worst first, without any traffic", async () => {
  const ran = await system.scholar('audit', '-o', 'json');
  expect(ran.code).toBe(3);
  const { findings } = JSON.parse(ran.stdout);
  const named = findings.map(({ app, code }: { app: string; code: string }) => `${app} ${code}`);
  expect(named).toEqual(expect.arrayContaining(NAMED));
  const severities = findings.map(({ severity }: { severity: string }) => severity);
  expect(severities.indexOf('critical')).toBe(0);
}, 60_000);

test('the broken system has no green row for what is broken, and green for the rest', async () => {
  const truth = await system.verify();
  expect(truth.code).toBe(1);
  const red = truth.table.filter(({ verdict }) => verdict === 'red').map(({ app }) => app);
  expect(red).toEqual(['A1', 'A2', 'A6', 'A7']);
}, 90_000);

test('a dry run shows the plan and changes nothing', async () => {
  const ran = await system.fix('--dry-run');
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(/would start provider_register/);
  expect((await system.audit()).map(({ app, code }) => `${app} ${code}`)).toEqual(
    expect.arrayContaining(NAMED),
  );
}, 60_000);

test('fix repairs everything and proves it by rows; verify agrees; the summary tells each change', async () => {
  const ran = await system.fix('-o', 'json');
  const report = JSON.parse(ran.stdout);
  expect(report.left).toEqual([]);
  expect(report.repairs.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
  expect(ran.code).toBe(0);
  const repaired = report.repairs.map(
    ({ finding }: { finding: { app: string; code: string } }) => `${finding.app} ${finding.code}`,
  );
  expect(repaired).toEqual(expect.arrayContaining(NAMED));
  expect((await system.verify()).ok).toBe(true);
  expect(await system.audit()).toEqual([]);
  const page = await readFile(join(system.docs, 'DIFF_SUMMARY.md'), 'utf8');
  for (const name of NAMED) expect(page).toContain(name.replace(' ', ' `'));
  const stored = await system.query<{ count: string }>('SELECT count(*) FROM repairs');
  expect(Number(stored[0]?.count)).toBeGreaterThanOrEqual(NAMED.length);
}, 120_000);

test('every event that the pages of evidence show as stored is a row, and they hold what A8 answered word for word', async () => {
  await system.scholar('verify', '--write-docs', '--docs', system.docs);
  const page = (name: string) => readFile(join(system.docs, name), 'utf8');
  const [table, report] = await Promise.all([page('TRUTH_TABLES.md'), page('TEST_REPORT.md')]);
  expect(report.match(/^\{"accepted":true,"persisted":true,.*\}$/gmu)).toHaveLength(3);
  const ids = eventIdsIn(`${table}\n${report}`);
  // A canary of each app, the three straight to A8, the three simulations.
  expect(ids).toHaveLength(7 + 3 + 3);
  const rows = await system.query('SELECT event_id FROM events WHERE event_id = ANY($1::uuid[])', [ids]);
  expect(rows).toHaveLength(ids.length);
}, 90_000);
