import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOfProof } from './proof.ts';
import { repositoryRoot } from './source-files.ts';

/** Level 1 of ASVS 4.0.3 (what it has deleted left out): the numbers of its items, by section. */
const LEVEL_1: Readonly<Record<string, readonly number[]>> = {
  ...{ '2.1': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], '2.2': [1, 2, 3], '2.3': [1] },
  ...{ '2.5': [1, 2, 3, 4, 5, 6], '2.7': [1, 2, 3, 4], '2.8': [1] },
  ...{ '3.1': [1], '3.2': [1, 2, 3], '3.3': [1, 2], '3.4': [1, 2, 3, 4, 5], '3.7': [1] },
  ...{ '4.1': [1, 2, 3, 5], '4.2': [1, 2], '4.3': [1, 2] },
  ...{ '5.1': [1, 2, 3, 4, 5], '5.2': [1, 2, 3, 4, 5, 6, 7, 8], '5.3': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
  ...{ '5.5': [1, 2, 3, 4], '6.2': [1], '7.1': [1, 2], '7.4': [1], '8.2': [1, 2, 3], '8.3': [1, 2, 3, 4] },
  ...{ '9.1': [1, 2, 3], '10.3': [1, 2, 3], '11.1': [1, 2, 3, 4, 5] },
  ...{ '12.1': [1], '12.3': [1, 2, 3, 4, 5], '12.4': [1, 2], '12.5': [1, 2], '12.6': [1] },
  ...{ '13.1': [1, 3], '13.2': [1, 2, 3], '13.3': [1] },
  ...{ '14.2': [1, 2, 3], '14.3': [2, 3], '14.4': [1, 2, 3, 4, 5, 6, 7], '14.5': [1, 2, 3] },
};
const ITEMS = Object.entries(LEVEL_1).flatMap(([section, numbers]) => numbers.map((n) => `${section}.${n}`));

type Row = { item: string; proof: string };

const page = readFileSync(join(repositoryRoot, 'docs/asvs.md'), 'utf8');
const [ofLevel1 = '', beyond = ''] = page.split('\n## More than level 1\n');

function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| (\d+\.\d+\.\d+) \|[^|]+\| ([^|]+) \|$/gmu)].map(
    ([, item = '', proof = '']) => ({ item, proof }),
  );
}
const rows = rowsOf(ofLevel1);

const isOpen = ({ proof }: Row) => /^open: .+$/u.test(proof);
const isElsewhere = ({ proof }: Row) => /^does not apply: .+$/u.test(proof);

/** What is wrong with the proof of a row; undefined where nothing is. */
function faultOf(row: Row): string | undefined {
  return isOpen(row) || isElsewhere(row) ? undefined : faultOfProof(row.proof, 'docs');
}

test('each item of level 1 has a row, in the order of the standard, and there is no row of an item that it has not', () => {
  expect(ITEMS).toHaveLength(128);
  expect([...new Set(rows.map(({ item }) => item))]).toEqual(ITEMS);
  const others = rowsOf(beyond).map(({ item }) => item);
  expect(others.filter((item) => ITEMS.includes(item))).toEqual([]);
});

test('every row names a test that is there, or says why the item is open or does not apply', () => {
  const all = [...rows, ...rowsOf(beyond)];
  expect(all).toHaveLength(page.match(/^\| \d/gmu)?.length ?? 0);
  expect(all.map((row) => [row.item, row.proof, faultOf(row)]).filter(([, , fault]) => fault)).toEqual([]);
});

test('the page counts what is proven, open, and does not apply', () => {
  const of = (item: string) => rows.filter((row) => row.item === item);
  const open = ITEMS.filter((item) => of(item).some(isOpen));
  const elsewhere = ITEMS.filter((item) => of(item).every(isElsewhere));
  const proven = ITEMS.length - open.length - elsewhere.length;
  expect(page).toContain(
    `Of ${ITEMS.length} items ${proven} are proven, ${elsewhere.length} do not apply and ${open.length} are open: ${open.join(', ')}.`,
  );
});

test('a name that no test has, a file that is not there and an empty claim are found', () => {
  const fault = (proof: string) => faultOf({ item: '1.1.1', proof });
  expect(fault('[no such promise](../test/rules/asvs.test.ts)')).toContain('no test of this name');
  expect(fault('[no such promise](../charts/hub/tests/hub_test.yaml)')).toContain('no test of this name');
  expect(fault('[x](../test/rules/gone.test.ts)')).toContain('there is no');
  for (const claim of ['done', 'open', 'open: ', 'does not apply'])
    expect(fault(claim)).toContain('names no test');
});
