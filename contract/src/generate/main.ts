import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { GENERATED_FOLDERS, generatedFiles } from './generated-files.ts';

const root = new URL('../../../', import.meta.url);
const files = generatedFiles();

for (const folder of GENERATED_FOLDERS) {
  mkdirSync(new URL(folder, root), { recursive: true });
  for (const name of readdirSync(new URL(folder, root))) {
    if (!files.has(`${folder}/${name}`)) rmSync(new URL(`${folder}/${name}`, root), { recursive: true });
  }
}
for (const [path, content] of files) writeFileSync(new URL(path, root), content);
process.stdout.write(`${files.size} files generated: contract/schema, contract/openapi.json, docs/errors\n`);
