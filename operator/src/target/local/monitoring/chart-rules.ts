import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of rules that a chart brings: a YAML list of groups, without templates. */
export interface ChartRules {
  chart: string;
  name: string;
  path: string;
}

/** Every rule file of the charts of a checkout, by name. */
export async function chartRules(root: string): Promise<ChartRules[]> {
  const charts = join(root, 'charts');
  const folders = (await readdir(charts, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const found = await Promise.all(
    folders.map(async ({ name: chart }) => {
      const names = await readdir(join(charts, chart, 'rules')).catch(() => []);
      return names
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => ({ chart, name, path: join(charts, chart, 'rules', name) }));
    }),
  );
  return found.flat().sort((a, b) => a.path.localeCompare(b.path));
}
