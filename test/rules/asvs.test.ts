import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOfProof } from './proof.ts';
import { repositoryRoot } from './source-files.ts';

type Row = { item: string; proof: string };

const page = readFileSync(join(repositoryRoot, 'docs/asvs.md'), 'utf8');
const rows: Row[] = [...page.matchAll(/^\| (\d+\.\d+\.\d+) \|[^|]+\| ([^|]+) \|$/gmu)].map(
  ([, item = '', proof = '']) => ({ item, proof }),
);

/** What is wrong with the proof of a row; undefined where nothing is. */
function faultOf({ proof }: Row): string | undefined {
  if (/^open(: .+)?$/u.test(proof)) return undefined;
  return faultOfProof(proof, 'docs');
}

test('every item of the ASVS page names a test that is there, or says that it is open', () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(rows).toHaveLength(page.match(/^\| \d/gmu)?.length ?? 0);
  expect(rows.map((row) => [row.item, row.proof, faultOf(row)]).filter(([, , fault]) => fault)).toEqual([]);
});

test('a name that no test has, a file that is not there and an empty claim are found', () => {
  const fault = (proof: string) => faultOf({ item: '1.1.1', proof });
  expect(fault('[no such promise](../test/rules/asvs.test.ts)')).toContain('no test of this name');
  expect(fault('[x](../test/rules/gone.test.ts)')).toContain('there is no');
  expect(fault('done')).toContain('names no test');
});
