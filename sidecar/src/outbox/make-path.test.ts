import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import { makePath } from './make-path.ts';

let folder: string;

beforeEach(async () => {
  folder = await tempDir('make-path');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('all missing parents are made, for this user alone, and an existing folder is fine', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await makePath(path);
  await makePath(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
});

test('where the file system makes no folders, the answer is an error that names the folder, not a wait without end', async () => {
  const none = async (path: string) => {
    if (path === folder) return mkdir(path);
    throw Object.assign(new Error('no'), { code: 'ENOENT' });
  };
  const failed = makePath(join(folder, 'x', 'y'), none);
  await expect(failed).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(failed).rejects.toThrow(`the folder ${join(folder, 'x')} cannot be made (ENOENT)`);
});

test('a file in the place of the folder, or of one above it, is named', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(makePath(file)).rejects.toThrow(`the folder ${file} cannot be made (EEXIST)`);
  await expect(makePath(join(file, 'below'))).rejects.toThrow(/cannot be made \(ENOTDIR\)/);
});
