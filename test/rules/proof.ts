import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './source-files.ts';

/** Titles as they stand in the source: of `test('…'` and of `test.each([…])('…'`. */
const TITLE = /^\s*(?:test\(|\](?: as const)?\)\(|test\.each\(.*\)\()\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)")/gmu;
/** Titles of the charts' own tests, which are YAML. */
const CHART_TITLE = /^ {2}- it: (.+)$/gmu;

/**
 * What is wrong with a claim `[name of a test](path from the page)`; undefined where the file has a test of this name.
 * @param folder of the page, from the root
 */
export function faultOfProof(proof: string, folder: string): string | undefined {
  const [, name, link] = /^\[(.+)\]\(([\w./-]+(?:\.test\.ts|_test\.yaml))\)$/u.exec(proof) ?? [];
  if (name === undefined || link === undefined) return 'names no test';
  const path = join(folder, link);
  if (!existsSync(join(repositoryRoot, path))) return `there is no ${path}`;
  const source = readFileSync(join(repositoryRoot, path), 'utf8');
  const titles = [...source.matchAll(link.endsWith('.yaml') ? CHART_TITLE : TITLE)].map(
    ([, single, double]) => (single ?? double ?? '').replaceAll("\\'", "'"),
  );
  return titles.includes(name) ? undefined : `${path} has no test of this name`;
}
