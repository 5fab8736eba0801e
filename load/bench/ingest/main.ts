import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { processEnv } from '@scholar/runtime/config';
import { describeMachine, makeFolder, readOptions, requirePrograms } from '../command.ts';
import { runToEnd } from '../launch.ts';
import { reportGoals, reportKept } from '../report.ts';
import { digits } from '../statistics.ts';
import { FULL, SHORT, select } from './plan.ts';
import type { IngestResult } from './result.ts';
import { type Run, runIngest } from './run.ts';
import { buildGoServer } from './servers.ts';
import { summarizeCells, summarizeWay } from './summarize.ts';

/**
 * The part of `make bench` about A8's ingest. Writes load/bench/results/ingest.json. ONLY, ROUNDS, SHORT, BENCH_DIR and FLAGS as
 * for the forwarder's part; RESULT_INGEST is another file to write to.
 */
const env = processEnv();
const selection = select(env['ONLY']);
if (selection.goals.length === 0) process.exit(0);
const { short, nodeFlags, passes, say } = readOptions(env);
const sizes = { ...(short ? SHORT : FULL), ...passes };

requirePrograms({
  pgbench: 'postgresql-contrib',
  go: 'golang',
  taskset: 'util-linux',
  findmnt: 'util-linux',
});
const goServer = await buildGoServer(say);
const { folder, fileSystem } = makeFolder(env['BENCH_DIR']);
// PostgreSQL may run as another user, who must get through.
chmodSync(folder, 0o711);
const fromMs = performance.now();
const run = await runIngest({ selection, sizes, parent: folder, goServer, nodeFlags, say });
reportGoals(run.goals, say);
reportKept(run.kept, say);
const results = join(import.meta.dirname, '..', 'results', 'ingest.json');
const file = env['RESULT_INGEST'] ?? (short ? undefined : results);
if (selection.whole && file !== undefined && nodeFlags.length === 0) await write(run, file);
else say('a part, a short run, or with flags: nothing was written');

async function write({ goals, kept, profile, postgres }: Run, to: string): Promise<void> {
  const { warmMs, measureMs, wayMs, prefilledRows } = sizes;
  const result: IngestResult = {
    format: 1,
    at: new Date().toISOString(),
    machine: describeMachine(fileSystem),
    versions: { PostgreSQL: postgres, ...(await versionsOfOthers()) },
    plan: {
      ...{ warmMs, measureMs, wayMs, prefilledRows },
      ...{ passes: kept.kept.length, thrownAway: kept.thrownAway, moved: digits(kept.moved) },
      seconds: Math.round((performance.now() - fromMs) / 1_000),
    },
    cells: summarizeCells(kept.kept, selection.cells),
    way: summarizeWay(kept.kept),
    ...{ profile, goals },
  };
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, `${JSON.stringify(result, undefined, 2)}\n`);
}

async function versionsOfOthers(): Promise<Record<string, string>> {
  const version = async (file: string, arg: string) =>
    /\d+\.\d+(\.\d+)?/.exec(await runToEnd({ file, args: [arg] }, 10_000))?.[0] ?? 'unknown';
  const of = (text: string, pattern: RegExp) => pattern.exec(text)?.[1] ?? 'unknown';
  const modules = readFileSync(join(import.meta.dirname, 'baselines/go/go.mod'), 'utf8');
  const root = join(import.meta.dirname, '..', '..', '..');
  const npm = (name: string) =>
    of(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'), /"version": "([^"]+)"/);
  return {
    pgbench: await version('pgbench', '--version'),
    express: npm('express'),
    pg: npm('pg'),
    go: await version('go', 'version'),
    pgx: of(modules, /pgx\/v5 v(\S+)/),
  };
}
