import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { driftPages } from '../audit/drifts/page.ts';

/** Part of `npm run generate`: writes docs/drifts, and takes away what is generated no more. */
const FOLDER = 'docs/drifts';
const root = new URL('../../../', import.meta.url);
const pages = driftPages();

mkdirSync(new URL(FOLDER, root), { recursive: true });
for (const name of readdirSync(new URL(FOLDER, root))) {
  if (!pages.has(`${FOLDER}/${name}`)) rmSync(new URL(`${FOLDER}/${name}`, root), { recursive: true });
}
for (const [path, content] of pages) writeFileSync(new URL(path, root), content);
process.stdout.write(`${pages.size} files generated: ${FOLDER}\n`);
