import { writeFileSync } from 'node:fs';
import { createProgram, SCHOLAR } from '../cli/program.ts';
import { referencePage } from '../cli/reference-page.ts';

/** Part of `npm run generate`: writes docs/cli.md from the program itself. */
const PAGE = 'docs/cli.md';

writeFileSync(
  new URL(PAGE, new URL('../../../', import.meta.url)),
  referencePage(createProgram(SCHOLAR, () => undefined)),
);
process.stdout.write(`1 file generated: ${PAGE}\n`);
