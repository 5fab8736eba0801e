import { writeDocument } from '../write-document.ts';
import { renderSections } from './render.ts';
import type { SeenResult } from './result.ts';

writeDocument<SeenResult>({
  document: 'docs/BENCHMARKS_SEEN.md',
  result: 'load/bench/results/seen.json',
  render: renderSections,
});
