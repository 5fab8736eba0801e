import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import { repositoryRoot } from '../../harness/local-system.ts';
import { whileChangesArrive } from '../harness/changed-mounts.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { installRelease } from '../harness/helm.ts';
import { INSTALL_TIMEOUT_MS, openTrial, TRIAL_VALUES } from './trial.ts';

const run = promisify(execFile);

const GUARDS = [
  'wrong_key',
  'ingest',
  'wrong_protocol',
  'unknown_label',
  'id_not_v4',
  'duplicate',
  'same_id_other_body',
];

let system: ClusterSystem;

beforeAll(async () => {
  system = await openTrial();
  // Only a table of the operator changes: no pod is replaced.
  const set = {
    ...TRIAL_VALUES,
    'operator.table.guards.every': '1m',
    'operator.table.drill': { every: '1h', app: 'student_pilot', events: 20 },
  };
  await installRelease({ namespace: system.namespace, set });
}, INSTALL_TIMEOUT_MS);

afterAll(() => system?.close());

interface Guards {
  ok: boolean;
  guards: { name: string; verdict: string; event_id: string; got: string; reasons: string[] }[];
}

/** Refusals that A8 wrote down, those of canaries apart. */
async function refusals(): Promise<{ real: number; canary: number }> {
  const [counted] = await system.query<{ real: number; canary: number }>(
    `SELECT count(*) FILTER (WHERE canary_id IS NULL)::int AS real, count(canary_id)::int AS canary FROM rejected_events`,
  );
  return counted ?? { real: -1, canary: -1 };
}

/** The guards as the command saw them; again where A8, on a busy machine, did not judge one. */
async function triedGuards(): Promise<Guards> {
  return waitFor(
    async () => {
      const { stdout } = await system.scholar('verify', '--guards', '--samples', '1', '-o', 'json');
      const { guards } = JSON.parse(stdout) as { guards: Guards };
      return guards.guards.every(({ verdict }) => verdict !== 'unknown') && guards;
    },
    { timeoutMs: 180_000, intervalMs: 1_000, what: 'a try of every guard' },
  ) as Promise<Guards>;
}

test('A8 refuses what it must refuse, leaves the trace of it, and no finding counts it', async () => {
  const before = await refusals();
  const guards = await triedGuards();
  expect(guards.guards.map(({ name, verdict, reasons }) => ({ name, verdict, reasons }))).toEqual(
    GUARDS.map((name) => ({ name, verdict: 'kept', reasons: [] })),
  );
  const after = await refusals();
  expect(after.real).toBe(before.real);
  // Five of the seven are refused with a valid key. The operator tries them, too.
  expect(after.canary - before.canary).toBeGreaterThanOrEqual(5);
  const ids = guards.guards.map(({ event_id }) => event_id);
  const rows = await system.query('SELECT simulated FROM events WHERE event_id = ANY($1::uuid[])', [ids]);
  expect(rows).toEqual([{ simulated: true }]);
  const found = (await system.audit()).map(({ code }) => code);
  for (const code of ['pii_refused', 'legacy_endpoint_hits', 'dead_letters'])
    expect(found).not.toContain(code);
}, 300_000);

test('an outage drill over a port-forward: each acknowledged event is one row', async () => {
  const args = ['--events', '30', '--app', 'A6', '-o', 'json'];
  let ran = await system.scholar('drill', ...args);
  // 4 = it could not be tried: A8 took longer over one event than a drill waits for it.
  if (ran.code === 4) ran = await system.scholar('drill', ...args);
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  const drill = JSON.parse(ran.stdout) as {
    at: string;
    ok: boolean;
    queued: number;
    rows: number;
    refused_full: number;
  };
  expect(drill).toMatchObject({
    ok: true,
    label: 'provider_register',
    events: 30,
    missing: [],
    duplicates: [],
  });
  expect(drill.queued).toBe(drill.rows);
  expect(drill.queued).toBeGreaterThan(30);
  expect(drill.refused_full).toBeGreaterThan(0);
  const rows = await system.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM events
     WHERE simulated AND app_label = 'provider_register' AND canary_id LIKE 'drill-%' AND received_at >= $1`,
    [drill.at],
  );
  // The one more went all the way before the outage.
  expect(rows).toEqual([{ n: drill.queued + 1 }]);
}, 300_000);

test('the doctor finds nothing wrong with a trial, also as a plugin of kubectl', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scholar-plugin-'));
  try {
    await symlink(
      join(repositoryRoot, 'operator', 'bin', 'kubectl-scholar.js'),
      join(folder, 'kubectl-scholar'),
    );
    const PATH = `${folder}${delimiter}${process.env['PATH']}`;
    const args = ['scholar', 'doctor', '-n', system.namespace, '-o', 'json'];
    const { stdout } = await run('kubectl', args, { env: { ...process.env, PATH } });
    const { ok, checks } = JSON.parse(stdout) as {
      ok: boolean;
      checks: { name: string; state: string; detail: string }[];
    };
    expect(checks.filter(({ state }) => state === 'fail')).toEqual([]);
    expect(ok).toBe(true);
    const plain = await system.scholar('doctor', '-o', 'json');
    const names = (text: string) =>
      (JSON.parse(text) as { checks: { name: string }[] }).checks.map(({ name }) => name);
    expect([plain.code, names(plain.stdout)]).toEqual([0, names(stdout)]);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 120_000);

test('A1 gets a new signing key by a command, over a port-forward, and admits no staff where it cannot send mail', async () => {
  const rotated = await system.scholar('keys', 'rotate', '-o', 'json');
  expect([rotated.code, rotated.stderr]).toEqual([0, '']);
  const { kid } = JSON.parse(rotated.stdout) as { kid: string };
  const jwks = await fetch(`${await system.url('scholar_auth')}/.well-known/jwks.json`);
  const { keys } = (await jwks.json()) as { keys: { kid: string }[] };
  expect(keys.map((key) => key.kid)).toContain(kid);
  const refused = await system.scholar('staff', 'add', 'eve@example.org', '-o', 'json');
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
    1,
    { ok: false, code: 'not_configured' },
  ]);
}, 120_000);

test('the operator tries the guards and drills by the table of its chart', async () => {
  interface Status {
    guards?: { kept: number; failed: number; unknown: number; guards: { name: string; eventId?: string }[] };
    lastDrill?: { app: string; ok: boolean; queued: number; rows: number };
  }
  let status: Status = {};
  const done = async (): Promise<boolean> => {
    const table = await kubectl('get', 'tt', 'scholar', '-n', system.namespace, '-o', 'json');
    ({ status } = JSON.parse(table) as { status: Status });
    return status.guards?.unknown === 0 && status.lastDrill !== undefined;
  };
  const patience = { timeoutMs: 900_000, intervalMs: 2_000, what: 'guards and a drill in the status' };
  await whileChangesArrive(system.namespace, () => waitFor(done, patience)).catch((cause: Error) => {
    throw new Error(JSON.stringify(status), { cause });
  });
  expect(status.guards).toMatchObject({ kept: GUARDS.length, failed: 0 });
  expect(status.guards?.guards.map(({ name }) => name)).toEqual(GUARDS);
  expect(status.lastDrill).toMatchObject({ app: 'student_pilot', ok: true });
  expect(status.lastDrill?.queued).toBe(status.lastDrill?.rows);
  const [columns = ''] = (await kubectl('get', 'tt', '-n', system.namespace, '-o', 'wide')).split('\n');
  expect(columns).toMatch(/GUARDS\s+BROKEN\s+LAST DRILL\s+DRILL OK/);
}, 960_000);
