import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { alertsPage } from '../../charts/generate/alerts-page.ts';
import { alertsOf, readGroups } from '../../charts/slo/read-rules.ts';
import { readPage } from './markdown-links.ts';
import { repositoryRoot } from './source-files.ts';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const pages = trackedPages();

function trackedPages(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '*.md'], { cwd: repositoryRoot, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(repositoryRoot, path)));
}

/** From the checkout. */
const targetOf = (page: string, link: string): string =>
  relative(repositoryRoot, join(repositoryRoot, dirname(page), link));

test('a link is found wherever it stands, but not in code; an anchor is what GitHub makes of a heading', () => {
  const page = readPage(
    '# A `b` & [c](d.md)\n[x](y.md#z) ![p](q.svg)\n```\n[no](no.md)\n# no\n```\n`[no](no.md)` [w](https://w.invalid)\n## Same\n## Same\n',
  );
  expect(page.links).toEqual(['d.md', 'y.md#z', 'q.svg']);
  expect([...page.anchors]).toEqual(['a-b--c', 'same', 'same-1']);
});

test('no link of any page leads nowhere', () => {
  const dead = pages.flatMap((page) =>
    readPage(read(page)).links.flatMap((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : targetOf(page, path);
      if (!existsSync(join(repositoryRoot, target))) return [`${page}: ${link}`];
      const lost = anchor && target.endsWith('.md') && !readPage(read(target)).anchors.has(anchor);
      return lost ? [`${page}: ${link} (no such heading)`] : [];
    }),
  );
  expect(pages.length).toBeGreaterThan(100);
  expect(dead).toEqual([]);
});

test("README's section of the docs lists every page of docs/ once", () => {
  const section = /^## Documentation\n([\s\S]*?)(?=^## )/mu.exec(read('README.md'))?.[1] ?? '';
  const listed = readPage(section)
    .links.filter((link) => /^docs\/[^/]+\.md$/u.test(link))
    .sort();
  const there = pages.filter((page) => /^docs\/[^/]+\.md$/u.test(page)).sort();
  expect(there.length).toBeGreaterThan(15);
  expect(listed).toEqual(there);
});

test('who is on call finds every alert with its page, and every page of a runbook', () => {
  const alerts = alertsOf(readGroups(join(repositoryRoot, 'charts')));
  const index = read('docs/alerts.md');
  expect(alerts.length).toBeGreaterThan(10);
  expect(index).toBe(alertsPage(alerts));
  const reached = new Set(
    ['docs/alerts.md', 'docs/oncall.md'].flatMap((page) =>
      readPage(read(page)).links.map((link) => targetOf(page, link.split('#')[0] ?? '')),
    ),
  );
  const runbooks = readdirSync(join(repositoryRoot, 'docs/runbooks')).map((name) => `docs/runbooks/${name}`);
  expect([...runbooks, 'docs/drifts/README.md'].filter((page) => !reached.has(page))).toEqual([]);
});

test('the index of the drifts has a line for every page of one', () => {
  const { links } = readPage(read('docs/drifts/README.md'));
  const drifts = readdirSync(join(repositoryRoot, 'docs/drifts')).filter((name) => name !== 'README.md');
  expect(drifts.length).toBeGreaterThan(70);
  expect(drifts.filter((name) => !links.includes(name))).toEqual([]);
});
