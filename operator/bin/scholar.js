#!/usr/bin/env node
// Runs on whatever Node the machine has, only to hand over to the Node that the checkout brings (decision 1).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const entry = join(here, '..', 'dist', 'cli', 'main.js');
const ownNode = join(root, 'node_modules', 'node', 'bin', 'node');

if (!existsSync(entry)) {
  process.stderr.write(`scholar: not built yet; run \`make build\` in ${root}\n`);
  process.exit(1);
}
if (Number(process.versions.node.split('.')[0]) >= 22) {
  await import(entry);
} else if (existsSync(ownNode)) {
  const child = spawn(ownNode, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
} else {
  process.stderr.write(
    `scholar: this is Node ${process.version}; 22 or newer is needed. Run \`make install\` in ${root}\n`,
  );
  process.exit(1);
}
