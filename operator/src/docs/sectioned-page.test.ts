import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownTable, writeSection } from './sectioned-page.ts';

test('a run replaces the section of its own target and keeps the other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scholar-page-'));
  try {
    const page = { path: join(folder, 'PAGE.md'), title: 'Page', intro: 'Generated.' };
    await writeSection({ ...page, section: 'cluster', body: 'pods' });
    await writeSection({ ...page, section: 'local', body: 'first' });
    await writeSection({ ...page, section: 'local', body: 'second' });
    const text = await readFile(page.path, 'utf8');
    expect(text).toContain('pods');
    expect(text).toContain('second');
    expect(text).not.toContain('first');
    expect(text.match(/^## /gm)).toHaveLength(2);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a bar in a cell does not break the table', () => {
  expect(
    markdownTable(['a'], [['x|y']])
      .split('\n')
      .at(-1),
  ).toBe('| x\\|y |');
});
