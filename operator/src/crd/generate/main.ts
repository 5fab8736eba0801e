import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFINITION_FOLDERS, generatedFiles } from './generated-files.ts';

const root = new URL('../../../../', import.meta.url);
const [always, ...charts] = DEFINITION_FOLDERS;
// A chart that is not there yet gets nothing: a folder with a CRD alone would be no chart.
const folders = [always, ...charts.filter((folder) => existsSync(new URL(`${dirname(folder)}/`, root)))];
const sample = readFileSync(new URL('k8s/samples/truthtable.yaml', root), 'utf8');
const files = generatedFiles({ folders, sample });
for (const [path, content] of files) {
  const target = new URL(path, root);
  mkdirSync(dirname(fileURLToPath(target)), { recursive: true });
  writeFileSync(target, content);
}
process.stdout.write(`${files.size} files generated: ${[...files.keys()].join(', ')}\n`);
