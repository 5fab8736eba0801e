import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import { DEFAULT_LIMITS, NO_REPAIRS } from '../../remedy/budget.ts';
import { hold } from '../../remedy/ledger.ts';
import { ledgerFiles } from './ledger-files.ts';

const deps = (folder: string, holder: string) => ({
  store: ledgerFiles(folder),
  clock: { now: () => Date.parse('2026-11-29T12:00:00Z') },
  holder,
  limits: DEFAULT_LIMITS,
  labels: ['scholar_auth', 'student_pilot'] as const,
});

test('of many who want to repair one app at the same moment exactly one may, and after it the next', async () => {
  const folder = await tempDir();
  const wanting = Array.from({ length: 12 }, (_, index) => hold(deps(folder, `h${index}`), 'scholar_auth'));
  const results = await Promise.allSettled(wanting);
  const [held, ...others] = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(others).toEqual([]);
  await held?.release(true);
  await expect(hold(deps(folder, 'later'), 'scholar_auth')).resolves.toMatchObject({ attempt: 2 });
});

test('another app is not held up', async () => {
  const folder = await tempDir();
  await hold(deps(folder, 'one'), 'scholar_auth');
  await expect(hold(deps(folder, 'two'), 'student_pilot')).resolves.toMatchObject({ attempt: 1 });
});

test('a lock whose owner died, and a file that nobody can read, hold nobody up for ever', async () => {
  const folder = await tempDir();
  const lock = join(folder, 'scholar_auth.lock');
  await writeFile(lock, '');
  await utimes(lock, 1, 1);
  await writeFile(join(folder, 'scholar_auth.json'), '{"holder": 7}');
  await expect(hold(deps(folder, 'one'), 'scholar_auth')).resolves.toMatchObject({ attempt: 1 });
});

test('a lock whose owner lives is waited for, however long its disk takes; that of a process that has ended is not', async () => {
  const folder = await tempDir();
  const lock = join(folder, 'scholar_auth.lock');
  await writeFile(lock, String(process.pid));
  // Older than a lock that names nobody may be.
  const before = new Date(Date.now() - 60_000);
  await utimes(lock, before, before);
  let done = false;
  const waiting = hold(deps(folder, 'one'), 'scholar_auth').then(() => {
    done = true;
  });
  await hold(deps(folder, 'two'), 'student_pilot');
  expect(done).toBe(false);
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  await writeFile(lock, String(child.pid));
  await waiting;
});

test('what was read before somebody else wrote is not written', async () => {
  const store = ledgerFiles(await tempDir());
  const before = await store.read('scholar_auth');
  expect(await store.write('scholar_auth', { ...NO_REPAIRS, holder: 'a', until: 1 }, before)).toBe(true);
  expect(await store.write('scholar_auth', { ...NO_REPAIRS, holder: 'b', until: 1 }, before)).toBe(false);
  expect((await store.read('scholar_auth')).entry.holder).toBe('a');
});
