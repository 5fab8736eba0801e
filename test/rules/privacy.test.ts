import { readFileSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_LABELS, APPS } from '@scholar/contract';
import { repositoryRoot } from './source-files.ts';

const page = readFileSync(join(repositoryRoot, 'docs', 'privacy.md'), 'utf8');
const table = page.split('\n').filter((line) => line.startsWith('| A'));

/** Columns that lead to a person, by how we name them. */
const PERSONAL =
  /^\s+"?(?:\w*user_id|\w*email\w*|\w*actor\w*|owner_\w+|provider_id|requested_by|spender|student_id|person\w*)\b/m;

type Made = { where: string; name: string; columns: string };

async function tablesOf(folder: string, where: string): Promise<Made[]> {
  const made: Made[] = [];
  for await (const path of glob(join(repositoryRoot, folder, '*.sql'))) {
    const text = await readFile(path, 'utf8');
    for (const [, name = '', columns = ''] of text.matchAll(/CREATE TABLE (\w+) \(\n([\s\S]*?)\n\)[;\s]/g))
      made.push({ where, name, columns });
  }
  return made;
}

const ours = async () =>
  (
    await Promise.all([
      ...APP_LABELS.map((label) => tablesOf(join('services', label, 'migrations'), APPS[label].number)),
      tablesOf(join('runtime', 'migrations', 'outbox'), 'A2–A7, A1'),
    ])
  ).flat();

test('each table with a column that leads to a person stands in the table of docs/privacy.md, with its service', async () => {
  const tables = (await ours()).filter(({ columns }) => PERSONAL.test(columns));
  expect(tables.length).toBeGreaterThan(10);
  const untold = tables.filter(
    ({ where, name }) => !table.some((row) => row.startsWith(`| ${where} |`) && row.includes(`\`${name}\``)),
  );
  expect(untold.map(({ where, name }) => `${where} ${name}`)).toEqual([]);
});

test('the table of docs/privacy.md names no table that is not there', async () => {
  const known = new Set((await ours()).map(({ name }) => name));
  const named = table.flatMap((row) =>
    [...(row.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});
