import { writeDocument } from '../write-document.ts';
import { renderSections } from './render.ts';
import type { RecoveryResult } from './result.ts';

writeDocument<RecoveryResult>({
  document: 'docs/BENCHMARKS_RECOVERY.md',
  result: 'load/bench/results/recovery.json',
  render: renderSections,
});
