import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { processEnv } from '@scholar/runtime/config';
import { describeMachine, makeFolder, readOptions, requirePrograms } from '../command.ts';
import { CORES } from '../cores.ts';
import { reportGoals, reportKept } from '../report.ts';
import { digits } from '../statistics.ts';
import { CELLS } from './cells.ts';
import { lineUp } from './line-up.ts';
import { installPeers, VERSIONS } from './peers/install.ts';
import { FULL, SHORT, select } from './plan.ts';
import type { BenchResult } from './result.ts';
import { type Run, runBench } from './run.ts';
import { summarizeBare, summarizeCells } from './summarize.ts';

/**
 * `make bench`: the forwarder beside its peers, in one run. Writes load/bench/results/latest.json.
 * ONLY=g5,g16 measures what those goals need and writes nothing; ROUNDS=n changes the number of passes; SHORT=1 shows in two
 * minutes that everything works; BENCH_DIR is the folder on whose disk it runs; RESULT is another file to write to;
 * FLAGS are flags of Node for every process of ours, to try them.
 */
const env = processEnv();
const selection = select(env['ONLY']);
if (selection.goals.length === 0) process.exit(0);
const { short, nodeFlags, passes, say } = readOptions(env);
const sizes = { ...(short ? SHORT : FULL), ...passes };

requirePrograms({ strace: 'strace', taskset: 'util-linux', findmnt: 'util-linux', dd: 'coreutils' });
const peers = await installPeers(selection.contestants, say);
const { folder, fileSystem } = makeFolder(env['BENCH_DIR']);
if (cpus().length > 1) execFileSync('taskset', ['-a', '-c', '-p', CORES.load, String(process.pid)]);
const fromMs = performance.now();
const run = await runBench({ selection, sizes, peers, folder, nodeFlags, say });
reportGoals(run.goals, say);
reportKept(run.kept, say);
const results = join(import.meta.dirname, '..', 'results', 'latest.json');
const file = env['RESULT'] ?? (short ? undefined : results);
if (selection.whole && file !== undefined && nodeFlags.length === 0) write(run, file);
else say('a part, a short run, or with flags: nothing was written');

function write({ goals, kept, seen, syncs, profile }: Run, to: string): void {
  const { growth, idleBytes } = seen;
  if (growth === undefined || idleBytes === undefined)
    throw new Error('a whole run without all of its parts');
  const find = lineUp(peers);
  const { warmMs, measureMs, idleMs } = sizes;
  const result: BenchResult = {
    format: 1,
    at: new Date().toISOString(),
    machine: describeMachine(fileSystem),
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
