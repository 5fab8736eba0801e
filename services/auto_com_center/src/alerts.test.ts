import { readdir, readFile } from 'node:fs/promises';
import { METRICS } from './metrics.ts';

const RULES = new URL('../../../charts/hub/rules/', import.meta.url);

/** The alerts of A8's chart, as they are written. */
async function rules(): Promise<string> {
  const names = (await readdir(RULES)).filter((name) => name.endsWith('.yaml'));
  return (await Promise.all(names.map((name) => readFile(new URL(name, RULES), 'utf8')))).join('\n');
}

/** Every use of a metric in an expression, with its selector. */
function usesOf(metric: string, text: string): string[] {
  return text.match(new RegExp(`\\b${metric}(_bucket|_count|_sum)?\\b(\\{[^}]*\\})?`, 'gu')) ?? [];
}

test('no alert counts canaries, and so nothing of what the guards send', async () => {
  const text = await rules();
  const marked = Object.entries(METRICS).filter(
    ([, metric]) => 'labels' in metric && (metric.labels as readonly string[]).includes('canary'),
  );
  expect(marked.length).toBeGreaterThanOrEqual(4);
  const uses = marked.flatMap(([metric]) => usesOf(metric, text));
  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((use) => !use.includes('canary="false"'))).toEqual([]);
  // Refusals of canaries are rows like others, and this metric does not tell them apart.
  expect(usesOf('a8_rejected_rows_total', text)).toEqual([]);
});
