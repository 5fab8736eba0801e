import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';
import { unreadyPods } from './cluster-namespaces.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scholar-cluster-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** `make cluster-test` with a script that writes down its verbs; `does` is shell that runs for each of them. */
async function start(does: string, env: Record<string, string> = {}) {
  const script = join(folder, 'cluster');
  await writeFile(script, `#!/bin/bash\necho "$1" >>${folder}/verbs\n${does}\n`);
  await chmod(script, 0o755);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cluster.ts')], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CLUSTER: script, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ code, last: stdout.trim().split('\n').at(-1) }));
  const verbs = async () => (await readFile(join(folder, 'verbs'), 'utf8')).trim().split('\n');
  return { child, ended, verbs };
}

const FAILED = { code: 1, last: '0 passed, 1 failed, 0 skipped' };

test('a verb that fails is tried once more; a cluster that does not come up is a failure, and is taken down', async () => {
  const { ended, verbs } = await start('[ "$1" != addons ]');
  expect(await ended).toEqual(FAILED);
  expect(await verbs()).toEqual(['up', 'base-images', 'load', 'addons', 'addons', 'down']);
}, 60_000);

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends what runs, and the cluster is taken down',
  async (name) => {
    const { child, ended, verbs } = await start('[ "$1" != base-images ] || sleep 600');
    await waitFor(async () => (await verbs()).includes('base-images'), { timeoutMs: 30_000 });
    child.kill(name);
    expect(await ended).toEqual(FAILED);
    expect(await verbs()).toEqual(['up', 'base-images', 'down']);
  },
  60_000,
);

test('KEEP=1 leaves the cluster there', async () => {
  const { ended, verbs } = await start('exit 1', { KEEP: '1' });
  expect(await ended).toEqual(FAILED);
  expect(await verbs()).not.toContain('down');
}, 60_000);

test('without a cluster it says what to set', async () => {
  const { ended } = await start('', { CLUSTER: join(folder, 'not-there') });
  expect(await ended).toEqual(FAILED);
});

test('of the pods of a failed run those that are not ready are asked for their last words', () => {
  const list = [
    'NAME      READY   STATUS      RESTARTS   AGE',
    'hub-1     0/1     Running     0          10m',
    'app-0     1/2     Error       3          10m',
    'app-1     2/2     Running     0          10m',
    'load-x    0/1     Completed   0          1m',
    '',
  ].join('\n');
  expect(unreadyPods(list)).toEqual(['hub-1', 'app-0']);
});
