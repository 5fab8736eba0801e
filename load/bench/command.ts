import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Env, processEnv } from '@scholar/runtime/config';

/** What a result says about the machine. */
export type BenchMachine = {
  cores: number;
  model: string;
  memoryGb: number;
  fileSystem: string;
  kernel: string;
  node: string;
};

export function describeMachine(fileSystem: string): BenchMachine {
  return {
    cores: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    fileSystem,
    kernel: release().split('-')[0] ?? '',
    node: process.versions.node,
  };
}

/** @throws Error that names the programs which are not in PATH, and their Debian packages */
export function requirePrograms(packages: Readonly<Record<string, string>>): void {
  const folders = (processEnv()['PATH'] ?? '').split(':');
  const missing = Object.keys(packages).filter(
    (program) => !folders.some((each) => existsSync(join(each, program))),
  );
  if (missing.length === 0) return;
  const needed = new Set(missing.map((program) => packages[program]));
  throw new Error(`${missing.join(', ')} is missing (Debian: ${[...needed].join(', ')})`);
}

/** A folder of this run's own, removed at its end. @throws Error where it would lie in memory: nothing would be synced */
export function makeFolder(parent: string | undefined): { folder: string; fileSystem: string } {
  const folder = mkdtempSync(join(parent ?? tmpdir(), 'scholar-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const fileSystem = execFileSync('findmnt', ['-n', '-o', 'FSTYPE', '-T', folder], {
    encoding: 'utf8',
  }).trim();
  if (fileSystem === 'tmpfs') throw new Error('the folder lies in memory: name one on a disk by BENCH_DIR');
  return { folder, fileSystem };
}

/** What a person may say by variables, the same for each benchmark: SHORT=1, ROUNDS=n, FLAGS of Node for processes of ours. */
export function readOptions(env: Env) {
  const { SHORT, ROUNDS, FLAGS = '' } = env;
  return {
    short: SHORT === '1',
    passes: ROUNDS === undefined ? {} : { passes: countOf('ROUNDS', ROUNDS) },
    nodeFlags: FLAGS.split(' ').filter((flag) => flag !== ''),
    say: (text: string): void => void process.stderr.write(`bench: ${text}\n`),
  };
}

function countOf(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name}=${text} is no count`);
  return value;
}

/** What every result begins with. */
export type ResultHead = {
  format: 1;
  at: string;
  machine: BenchMachine;
  versions: Record<string, string>;
};
