import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARDS } from './all.ts';

/** Writes charts/<chart>/dashboards/<name>.json, which the charts mount as ConfigMaps. */
for (const { chart, name, make } of DASHBOARDS) {
  const file = join(import.meta.dirname, '..', chart, 'dashboards', `${name}.json`);
  writeFileSync(file, `${JSON.stringify(make(), null, 2)}\n`);
}
process.stdout.write(`${DASHBOARDS.length} dashboards generated: charts/*/dashboards/*.json\n`);
