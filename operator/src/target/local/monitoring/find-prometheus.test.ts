import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPrometheus } from './find-prometheus.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scholar-find-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function program(path: string, mode = 0o755): Promise<string> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '#!/bin/sh\n');
  await chmod(file, mode);
  return file;
}

test('the named one goes before the built one, the built one before that of the PATH', async () => {
  const onPath = await program('bin/prometheus');
  const path = `/nonexistent::${dirname(onPath)}`;
  expect(findPrometheus({ named: undefined, path }, root)).toBe(onPath);
  const built = await program('.tools/bin/prometheus');
  expect(findPrometheus({ named: undefined, path }, root)).toBe(built);
  const named = await program('mine');
  expect(findPrometheus({ named, path }, root)).toBe(named);
});

test('where there is none it is said which commands get one', () => {
  const search = () => findPrometheus({ named: undefined, path: '' }, root);
  expect(search).toThrow(/make prometheus.*apt-get install prometheus.*PROMETHEUS=/su);
});

test.each([
  ['a folder', 'folder'],
  ['a file that may not be run', 'file'],
  ['nothing', 'nothing'],
])('a named one that is %s is refused, though another could be found', async (_what, name) => {
  await program('.tools/bin/prometheus');
  await mkdir(join(root, 'folder'));
  await program('file', 0o644);
  const named = join(root, name);
  expect(() => findPrometheus({ named, path: '' }, root)).toThrow(`PROMETHEUS=${named} is no program`);
});
