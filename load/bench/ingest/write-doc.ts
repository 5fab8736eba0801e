import { writeDocument } from '../write-document.ts';
import { renderSections } from './render.ts';
import type { IngestResult } from './result.ts';

writeDocument<IngestResult>({
  document: 'docs/BENCHMARKS_INGEST.md',
  result: 'load/bench/results/ingest.json',
  render: renderSections,
});
