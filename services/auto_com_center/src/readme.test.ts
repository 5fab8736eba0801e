import { readFile } from 'node:fs/promises';
import { METRICS } from './metrics.ts';
import { SETTINGS } from './settings.ts';

test('the README names every setting and every metric, and none that is not there', async () => {
  const text = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  for (const name of [...Object.keys(SETTINGS), ...Object.keys(METRICS)])
    expect(text).toContain(`\`${name}\``);
  const named = [...text.matchAll(/`(a8_[a-z_]+)`/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !(name in METRICS))).toEqual([]);
});
