import { readdirSync, readFileSync } from 'node:fs';
import { DRIFT_THEMES, DRIFTS } from './drifts.ts';
import { driftPages } from './page.ts';

const root = new URL('../../../../', import.meta.url);
const pages = driftPages();

test('the pages are what npm run generate writes now; run it and commit the result', () => {
  for (const [path, content] of pages) {
    expect({ path, content: readFileSync(new URL(path, root), 'utf8') }).toEqual({ path, content });
  }
});

test('there is a page for each code, an index, and nothing else', () => {
  const found = readdirSync(new URL('docs/drifts', root)).sort();
  expect(found).toEqual(['README.md', ...Object.keys(DRIFTS).map((code) => `${code}.md`)].sort());
});

test('no code stands under two themes, where the later text would hide the first', () => {
  const codes = Object.values(DRIFT_THEMES).flatMap((drifts) => Object.keys(drifts));
  expect(codes.sort()).toEqual(Object.keys(DRIFTS).sort());
});

test.each(Object.entries(DRIFTS))('%s is told in whole sentences', (code, drift) => {
  expect(code).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
  expect(drift.title).not.toMatch(/\.$/);
  for (const text of [drift.symptom, drift.evidence, drift.remedy, drift.rollback])
    expect(text).toMatch(/^\S.{20,}[^.]\.$/s);
});
