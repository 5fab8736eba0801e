import { spawn } from 'node:child_process';
import { once } from 'node:events';
import setup from '../jest/global-setup.ts';
import teardown from '../jest/global-teardown.ts';

/** Runs a program that is no Jest suite inside a folder of a test run, so that it may ask for a database. Its exit code is ours. */
await setup();
const child = spawn(
  process.execPath,
  ['--conditions=source', '--disable-warning=ExperimentalWarning', ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
await teardown();
process.exitCode = typeof code === 'number' ? code : 1;
