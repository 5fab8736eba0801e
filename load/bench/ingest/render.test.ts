import { readFileSync } from 'node:fs';
import { fillSections } from '../markdown.ts';
import { renderSections } from './render.ts';

test('every section has its place in the document, also without a result', () => {
  const document = readFileSync(new URL('../../../docs/BENCHMARKS_INGEST.md', import.meta.url), 'utf8');
  expect(fillSections(document, renderSections(undefined))).toContain('No figures yet');
});
