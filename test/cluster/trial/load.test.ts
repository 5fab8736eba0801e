import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectl } from '../../harness/kubectl.ts';
import { repositoryRoot } from '../../harness/local-system.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { INSTALL_TIMEOUT_MS, openTrial } from './trial.ts';

/** What is sent: five a second. The figure of a machine that does everything at once is no promise, its rows are. */
const LOAD = { LASTS: '20', WRITE_P95_MS: '10000' };
const EVENTS = 100;

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

test.each(['smoke', 'webhook'])(
  'a Job plays %s behind the policies of the release: its verdict is a pass, and each acknowledged event is a row',
  async (profile) => {
    const { code, stdout, stderr } = await loadJob({ PROFILE: profile });
    expect({ code, told: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, told: '' });
    const count = profile === 'smoke' ? EVENTS : 2 * EVENTS;
    expect(stdout).toMatch(new RegExp(`^load ${profile}: PASS by the runner of scholar`));
    expect(stdout).toContain(`${count} acknowledged, 0 lost (compared with ${count} rows)`);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain(stdout.trim());
  },
  400_000,
);

test('the rows of a load are there, simulated, and of no other', async () => {
  const sent = `SELECT count(*)::int AS count FROM events WHERE simulated AND source = 'canary/load'`;
  const [before] = await system.query<{ count: number }>(sent);
  const { code } = await loadJob({ PROFILE: 'smoke', LASTS: '4' });
  const [after] = await system.query<{ count: number }>(sent);
  expect([code, (after?.count ?? 0) - (before?.count ?? 0)]).toEqual([0, 20]);
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
