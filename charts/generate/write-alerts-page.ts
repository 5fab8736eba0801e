import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { alertsOf, readGroups } from '../slo/read-rules.ts';
import { alertsPage } from './alerts-page.ts';

/** Writes docs/alerts.md from the rules of the charts, which have to be written before. */
const alerts = alertsOf(readGroups(fileURLToPath(new URL('..', import.meta.url))));
writeFileSync(new URL('../../docs/alerts.md', import.meta.url), alertsPage(alerts));
process.stdout.write(`1 file generated: docs/alerts.md, ${alerts.length} alerts\n`);
