import { writeFileSync } from 'node:fs';
import { METRIC_SOURCES } from './metric-tables.ts';
import { metricsPage } from './metrics-page.ts';

/** Part of `npm run generate`: writes docs/metrics.md from the tables of metrics. */
const PAGE = 'docs/metrics.md';

writeFileSync(new URL(`../../${PAGE}`, import.meta.url), metricsPage(METRIC_SOURCES));
process.stdout.write(`1 file generated: ${PAGE}\n`);
