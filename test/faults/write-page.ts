import { writeFileSync } from 'node:fs';
import { faultsPage } from './faults-page.ts';

/** Part of `npm run generate`: writes docs/faults.md from the table that the tests hold. */
const PAGE = 'docs/faults.md';

writeFileSync(new URL(`../../${PAGE}`, import.meta.url), faultsPage());
process.stdout.write(`1 file generated: ${PAGE}\n`);
