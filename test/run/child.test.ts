import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';
import { captureChild, runChild } from './child.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scholar-child-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('an abort ends the program and everything that it started', async () => {
  const controller = new AbortController();
  const script = `sleep 600 & echo $! >${folder}/pid; wait`;
  const ended = runChild('bash', ['-c', script], { signal: controller.signal, stdio: 'ignore' });
  const pid = await waitFor(async () => (await readFile(join(folder, 'pid'), 'utf8')).trim(), {
    timeoutMs: 20_000,
  });
  controller.abort();
  expect(await ended).toBe(1);
  await waitFor(() => spawnSync('kill', ['-0', pid]).status !== 0, { timeoutMs: 20_000 });
}, 60_000);

test('nothing begins after an abort', async () => {
  expect(await runChild('touch', [join(folder, 'made')], { signal: AbortSignal.abort() })).toBe(1);
  await expect(readFile(join(folder, 'made'))).rejects.toThrow('ENOENT');
});

test('the exit code is told, and a complaint is in the error', async () => {
  expect(await runChild('bash', ['-c', 'exit 7'])).toBe(7);
  await expect(captureChild('bash', ['-c', 'echo no such thing >&2; exit 3'])).rejects.toThrow(
    /ended with 3: no such thing/u,
  );
  expect(await captureChild('bash', ['-c', 'echo said'])).toBe('said\n');
});
