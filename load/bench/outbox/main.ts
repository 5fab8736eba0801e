import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { processEnv } from '@scholar/runtime/config';
import { CELLS } from './cells.ts';
import { CORES } from './launch.ts';
import { lineUp } from './line-up.ts';
import { installPeers, VERSIONS } from './peers/install.ts';
import { FULL, SHORT, select } from './plan.ts';
import type { BenchResult } from './result.ts';
import { type Run, runBench } from './run.ts';
import { digits, summarizeBare, summarizeCells } from './summarize.ts';

/**
 * `make bench`: the forwarder beside its peers, in one run. Writes load/bench/results/latest.json.
 * ONLY=g5,g16 measures what those goals need and writes nothing; ROUNDS=n changes the number of passes; SHORT=1 shows in two
 * minutes that everything works; BENCH_DIR is the folder on whose disk it runs; RESULT is another file to write to;
 * FLAGS are flags of Node for every process of ours, to try them.
 */
const env = processEnv();
const selection = select(env['ONLY']);
const short = env['SHORT'] === '1';
const nodeFlags = (env['FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
const passes = env['ROUNDS'] === undefined ? {} : { passes: whole(env['ROUNDS']) };
const sizes = { ...(short ? SHORT : FULL), ...passes };
const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

const missing = ['strace', 'taskset', 'findmnt', 'dd'].filter((program) => !isThere(program));
if (missing.length > 0)
  throw new Error(`${missing.join(', ')} is missing (Debian: strace, util-linux, coreutils)`);
const peers = await installPeers(selection.contestants, say);
const folder = mkdtempSync(join(env['BENCH_DIR'] ?? tmpdir(), 'scholar-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const fileSystem = fileSystemOf(folder);
if (fileSystem === 'tmpfs') throw new Error('the folder lies in memory: name one on a disk by BENCH_DIR');
if (cpus().length > 1) execFileSync('taskset', ['-a', '-c', '-p', CORES.load, String(process.pid)]);
const fromMs = performance.now();
const run = await runBench({ selection, sizes, peers, folder, nodeFlags, say });
report(run);
const results = join(import.meta.dirname, '..', 'results', 'latest.json');
const file = env['RESULT'] ?? (short ? undefined : results);
if (selection.whole && file !== undefined && nodeFlags.length === 0) write(run, file);
else say('a part, a short run, or with flags: nothing was written');

function report({ goals, kept }: Run): void {
  for (const [name, { value, deviation, unit, goal, met, what }] of Object.entries(goals)) {
    const spread = deviation === undefined ? '' : ` ± ${deviation}`;
    say(`${met ? 'met   ' : 'MISSED'} ${name} ${value}${spread} ${unit} (goal ${digits(goal)}): ${what}`);
  }
  say(
    `${kept.kept.length} passes kept, ${kept.thrownAway} thrown away; the machine moved by ${percent(kept.moved)}`,
  );
}

function write({ goals, kept, seen, syncs, profile }: Run, to: string): void {
  const { growth, idleBytes } = seen;
  if (growth === undefined || idleBytes === undefined)
    throw new Error('a whole run without all of its parts');
  const find = lineUp(peers);
  const { warmMs, measureMs, idleMs } = sizes;
  const result: BenchResult = {
    format: 1,
    at: new Date().toISOString(),
    machine: {
      cores: cpus().length,
      model: cpus()[0]?.model.trim() ?? 'unknown',
      memoryGb: Math.round(totalmem() / 2 ** 30),
      fileSystem,
      kernel: release().split('-')[0] ?? '',
      node: process.versions.node,
    },
    versions: { collector: VERSIONS.collector, 'nats-server': VERSIONS.natsServer, ...VERSIONS.npm },
    plan: {
      ...{ warmMs, measureMs, idleMs, passes: kept.kept.length, thrownAway: kept.thrownAway },
      moved: digits(kept.moved),
      seconds: Math.round((performance.now() - fromMs) / 1_000),
    },
    bare: summarizeBare(kept.kept),
    cells: summarizeCells(kept.kept, CELLS, find),
    ...{ syncs, growth, idleBytes, profile, goals },
  };
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, `${JSON.stringify(result, undefined, 2)}\n`);
}

function fileSystemOf(path: string): string {
  return execFileSync('findmnt', ['-n', '-o', 'FSTYPE', '-T', path], { encoding: 'utf8' }).trim();
}

function isThere(program: string): boolean {
  const folders = (env['PATH'] ?? '').split(':');
  return folders.some((each) => existsSync(join(each, program)));
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`ROUNDS=${text} is no count of passes`);
  return value;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
