// Runs on whatever Node the machine has, only to hand over to the Node that the checkout brings (decision 1).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const ownNode = join(root, 'node_modules', 'node', 'bin', 'node');

/** @param {string} main a file of dist/cli. @param {string[]} args */
export async function start(main, args) {
  const entry = join(here, '..', 'dist', 'cli', main);
  if (!existsSync(entry)) {
    process.stderr.write(`scholar: not built yet; run \`make build\` in ${root}\n`);
    process.exit(1);
  }
  if (Number(process.versions.node.split('.')[0]) >= 22) {
    process.argv.splice(1, process.argv.length, entry, ...args);
    await import(entry);
  } else if (existsSync(ownNode)) {
    const child = spawn(ownNode, [entry, ...args], { stdio: 'inherit' });
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
    child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
  } else {
    process.stderr.write(
      `scholar: this is Node ${process.version}; 22 or newer is needed. Run \`make install\` in ${root}\n`,
    );
    process.exit(1);
  }
}
