import { writeDocument } from '../write-document.ts';
import { renderSections } from './render.ts';
import type { BenchResult } from './result.ts';

writeDocument<BenchResult>({
  document: 'docs/BENCHMARKS.md',
  result: 'load/bench/results/latest.json',
  render: renderSections,
});
