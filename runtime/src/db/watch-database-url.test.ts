import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempDir, waitFor } from '../testing/index.ts';
import { type DatabaseUrlWatch, watchDatabaseUrl } from './watch-database-url.ts';

const OLD = 'postgresql://a:old@db/scholar';
const NEW = 'postgresql://a:new@db/scholar';
const INTERVAL_MS = 5;

const open: DatabaseUrlWatch[] = [];
afterEach(() => {
  for (const watch of open.splice(0)) watch.stop();
});

async function watching(text: string | undefined, used: boolean) {
  const path = join(await tempDir('database-url'), 'DATABASE_URL');
  if (text !== undefined) writeFileSync(path, text);
  const heard: string[] = [];
  const watch = watchDatabaseUrl({
    ...{ env: { DATABASE_URL_FILE: path }, used, intervalMs: INTERVAL_MS },
    onChange: () => heard.push('changed'),
  });
  open.push(watch);
  watch.start();
  return { path, heard };
}

test('another address is told once', async () => {
  const { path, heard } = await watching(OLD, true);
  writeFileSync(path, `${NEW}\n`);
  await waitFor(() => heard.length > 0);
  writeFileSync(path, OLD);
  writeFileSync(path, NEW);
  await sleep(INTERVAL_MS * 10);
  expect(heard).toEqual(['changed']);
});

test('an address that appears in an empty folder is told: the Secret was opened after the pod had started', async () => {
  const { path, heard } = await watching(undefined, false);
  writeFileSync(path, NEW);
  await waitFor(() => heard.length === 1);
});

test('an address that came between the reading of the settings and the watch is told', async () => {
  const { heard } = await watching(NEW, false);
  expect(heard).toEqual(['changed']);
});

test('an address that replaces a malformed one is told', async () => {
  const { path, heard } = await watching('mysql://db', false);
  writeFileSync(path, NEW);
  await waitFor(() => heard.length === 1);
});

test('the symlink swap by which Kubernetes updates a mounted folder is seen', async () => {
  const dir = await tempDir('database-url');
  for (const [version, url] of [
    ['v1', OLD],
    ['v2', NEW],
  ] as const) {
    mkdirSync(join(dir, version));
    writeFileSync(join(dir, version, 'DATABASE_URL'), url);
  }
  symlinkSync('v1', join(dir, '..data'));
  symlinkSync(join('..data', 'DATABASE_URL'), join(dir, 'DATABASE_URL'));
  let heard = 0;
  const watch = watchDatabaseUrl({
    ...{ env: { DATABASE_URL_FILE: join(dir, 'DATABASE_URL') }, used: true, intervalMs: INTERVAL_MS },
    onChange: () => {
      heard += 1;
    },
  });
  open.push(watch);
  watch.start();
  symlinkSync('v2', join(dir, '..tmp'));
  renameSync(join(dir, '..tmp'), join(dir, '..data'));
  await waitFor(() => heard === 1);
});

test('a file that goes, is emptied, holds no address or comes back as it was ends nothing', async () => {
  const { path, heard } = await watching(OLD, true);
  for (const text of ['', 'mysql://db', OLD]) {
    writeFileSync(path, text);
    await sleep(INTERVAL_MS * 6);
  }
  rmSync(path);
  await sleep(INTERVAL_MS * 6);
  writeFileSync(path, `${OLD}\n`);
  await sleep(INTERVAL_MS * 6);
  expect(heard).toEqual([]);
});
