import { writeDocument } from '../write-document.ts';
import { renderSections } from './render.ts';
import { RESULT, type WebhookResult } from './result.ts';

writeDocument<WebhookResult>({
  document: 'docs/BENCHMARKS_WEBHOOK.md',
  result: RESULT,
  render: renderSections,
});
