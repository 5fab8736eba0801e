import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

const operator = join(import.meta.dirname, '..');
const built = join(operator, 'dist', 'controller');

/**
 * The operator of the measurement as plain JavaScript over dist, as an image runs: a process that strips types itself
 * would hold a compiler in the memory that is measured. @returns the path of its main file, in `folder`.
 */
export function builtEcho(folder: string): string {
  const source = readFileSync(join(operator, 'src', 'controller', 'testing', 'echo-reconcile.ts'), 'utf8');
  const echo = stripTypeScriptTypes(source).replaceAll(
    /from '(\.[^']+)\.ts'/gu,
    (_all, path: string) => `from '${join(built, 'testing', path)}.js'`,
  );
  const main = [
    `import { runOperator } from '${join(built, 'run-operator.js')}';`,
    `import { echoReconcile } from './echo-reconcile.mjs';`,
    'await runOperator(echoReconcile);\n',
  ];
  writeFileSync(join(folder, 'echo-reconcile.mjs'), echo);
  const path = join(folder, 'echo-operator.mjs');
  writeFileSync(path, main.join('\n'));
  return path;
}
