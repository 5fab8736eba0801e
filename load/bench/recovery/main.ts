import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { processEnv } from '@scholar/runtime/config';
import { describeMachine, makeFolder, readOptions, requirePrograms } from '../command.ts';
import { COMMIT_TIMES } from '../committed.ts';
import { judged } from '../goal.ts';
import { startBuiltHub } from '../ingest/servers.ts';
import { reportGoals } from '../report.ts';
import { startSystem } from '../system.ts';
import { type Arrangement, arrangementsOf } from './arrangements.ts';
import { judgeRecovery, ratioOf } from './goals.ts';
import type { RecoveryResult } from './result.ts';
import { measureRound, type Round } from './round.ts';

/**
 * `make recovery`: forwarders come back to a backlog while their applications go on, beside what A8 takes without any forwarder
 * (G13). Writes load/bench/results/recovery.json. ROUNDS, SHORT and BENCH_DIR as for `make bench`; ONLY= is the name of an arrangement.
 */
const env = processEnv();
const arrangements = arrangementsOf(env['ONLY']);
const { short, passes, say } = readOptions(env);
const rounds = passes.passes ?? (short ? 1 : 3);

requirePrograms({ taskset: 'util-linux', findmnt: 'util-linux' });
const { folder, fileSystem } = makeFolder(env['BENCH_DIR']);
// PostgreSQL may run as another user, who must get through.
chmodSync(folder, 0o711);
const fromMs = performance.now();
const seen: Round[] = [];
let version = '';
for (const arrangement of arrangements) seen.push(...(await measure(arrangement)));
const goals = judged(judgeRecovery(seen));
reportGoals(goals, say);
if (short || env['ONLY'] !== undefined) say('a part, or a short run: nothing was written');
else write();

async function measure(arrangement: Arrangement): Promise<Round[]> {
  const done: Round[] = [];
  const startHub = startBuiltHub([], arrangement.hub);
  const system = await startSystem(['empty'], 1, { startHub, parent: folder, settings: COMMIT_TIMES });
  try {
    version = system.postgres.version;
    const site = system.sites.get('empty');
    if (site === undefined) throw new Error('the system was started without a database');
    if (arrangement.hub !== 'any') pinFamily(system.postgres.pid, arrangement.hub);
    const backlog = short ? 5_000 : arrangement.backlog;
    for (let turn = 1; turn <= rounds; turn += 1) {
      const round = await measureRound({ system, site, arrangement, folder: join(folder, 'round'), backlog });
      done.push(round);
      say(`${arrangement.name}, round ${turn} of ${rounds}: ${described(round)}`);
    }
  } finally {
    await system.stop();
  }
  return done;
}

/** A PostgreSQL that has begun on any core; what it starts from now on stays on this one, like its processes of now. */
function pinFamily(pid: number, core: string): void {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  for (const each of [String(pid), ...children.trim().split(/\s+/)])
    execFileSync('taskset', ['-a', '-c', '-p', core, each], { stdio: 'ignore' });
}

function described(round: Round): string {
  const { alone, drained } = round;
  const { live } = drained;
  return (
    `A8 alone ${alone.perSecond.toFixed(0)}/s, drained ${drained.perSecond.toFixed(0)}/s: ` +
    `${ratioOf(round).toFixed(2)} (CPU us an event: alone ${listed(alone.cpuUs)}; drained ${listed(drained.cpuUs)}); ${live.events} live events, P95 ${live.p95Ms.toFixed(1)} ms; lost ${drained.lost}`
  );
}

function listed(cpuUs: Readonly<Record<string, number>>): string {
  return Object.entries(cpuUs)
    .map(([who, us]) => `${who} ${us.toFixed(0)}`)
    .join(', ');
}

function write(): void {
  const file = join(import.meta.dirname, '..', 'results', 'recovery.json');
  const result: RecoveryResult = {
    format: 1,
    at: new Date().toISOString(),
    machine: describeMachine(fileSystem),
    versions: { PostgreSQL: version },
    plan: { rounds, seconds: Math.round((performance.now() - fromMs) / 1_000) },
    ...{ rounds: seen, goals },
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
}
