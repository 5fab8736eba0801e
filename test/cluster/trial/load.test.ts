import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectl } from '../../harness/kubectl.ts';
import { repositoryRoot } from '../../harness/local-system.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { INSTALL_TIMEOUT_MS, openTrial } from './trial.ts';

/** What is sent: five a second. The figure of a machine that does everything at once is no promise, its rows are. */
const LOAD = { LASTS: '10', WRITE_P95_MS: '10000' };
const EVENTS = 50;

let system: ClusterSystem;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scholar-load-'));
  system = await openTrial();
}, INSTALL_TIMEOUT_MS);

afterAll(async () => {
  await system?.close();
  await rm(folder, { recursive: true, force: true });
});

/** `make load-job`, as a process. */
function loadJob(env: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }> {
  const main = join(repositoryRoot, 'load', 'run', 'cluster', 'main.ts');
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', main];
  // KEEP is also a word of `make cluster-test`.
  const own = { NAMESPACE: system.namespace, OUT: folder, KEEP: '' };
  const all = { ...process.env, ...own, ...LOAD, ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: all }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test('a Job plays a profile behind the policies of the release: it passes, each acknowledged event is a row, and there is no other', async () => {
  const before = await simulatedRows();
  const { code, stdout, stderr } = await loadJob({ PROFILE: 'smoke' });
  expect({ code, told: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, told: '' });
  expect(stdout).toMatch(/^load smoke: PASS by the runner of scholar/);
  expect(stdout).toContain(`${EVENTS} acknowledged, 0 lost (compared with ${EVENTS} rows)`);
  expect((await simulatedRows()) - before).toBe(EVENTS);
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain(stdout.trim());
}, 400_000);

async function simulatedRows(): Promise<number> {
  const sent = `SELECT count(*)::int AS count FROM events WHERE simulated AND source = 'canary/load'`;
  const [row] = await system.query<{ count: number }>(sent);
  return row?.count ?? Number.NaN;
}

test('payments that a Job reports to A6 are rows in A8, all that A6 has recorded', async () => {
  // Whether A6 keeps its pace is a matter of the machine.
  const { code, stdout, stderr } = await loadJob({ PROFILE: 'webhook' });
  const [, acknowledged, lost, rows] =
    / (\d+) acknowledged, (\d+) lost \(compared with (\d+) rows\)/.exec(stdout)?.map(Number) ?? [];
  expect({ lost, told: lost === 0 ? '' : `${code} ${stderr} ${stdout}` }).toEqual({ lost: 0, told: '' });
  expect(acknowledged).toBeGreaterThan(0);
  expect(rows).toBeGreaterThanOrEqual(acknowledged ?? Number.NaN);
}, 400_000);

test('nothing of a load is left in the namespace', async () => {
  const kinds = 'jobs,pods,networkpolicies,configmaps,secrets';
  const left = ['get', kinds, '-n', system.namespace, '-l', 'app.kubernetes.io/name=scholar-load'];
  expect((await kubectl(...left, '-o', 'name')).trim()).toBe('');
});

test('a Job whose image is not there says so, ends with 2 and leaves nothing', async () => {
  const { code, stdout, stderr } = await loadJob({ IMAGE: 'localhost/no-such-image:none' });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('no-such-image');
}, 400_000);
