import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Hot, hottestIn } from '../cpu-profile.ts';
import { type GoalResult, judged } from '../goal.ts';
import { type Kept, keepSteady } from '../steady.ts';
import { startSystem } from '../system.ts';
import { CELLS } from './cells.ts';
import { measurePass, type Pass } from './passes.ts';
import { measureServer } from './round.ts';
import { startBuiltHub } from './servers.ts';
import { type StageInput, setStage } from './stage.ts';

export type Run = {
  kept: Kept<Pass>;
  profile: Hot[];
  goals: Record<string, GoalResult>;
  postgres: string;
};

/** Everything that was selected, one thing after the other. @throws Error when an acknowledged event is no row */
export async function runIngest(input: StageInput): Promise<Run> {
  const { selection, sizes, parent: folder, say } = input;
  const fromMs = performance.now();
  const stage = await setStage(input);
  const passes: Pass[] = [];
  try {
    let longestMs = 0;
    for (let turn = 1; turn <= sizes.passes; turn += 1) {
      const passFromMs = performance.now();
      if (turn > 1 && passFromMs - fromMs + longestMs > sizes.passesWithinMs) break;
      say(`pass ${turn} of ${sizes.passes}`);
      passes.push(await measurePass(stage, { ...selection, ...sizes, folder, say }));
      longestMs = Math.max(longestMs, performance.now() - passFromMs);
    }
  } finally {
    await stage.end();
  }
  const kept = keepSteady(passes);
  const profile = selection.whole ? await profileHub(folder, sizes.profileMs, say) : [];
  const goals = judged(Object.assign({}, ...selection.goals.map((goal) => goal.judge(kept.kept))));
  return { kept, profile, goals, postgres: stage.system.postgres.version };
}

/** An A8 under load, sampled by V8 (`--cpu-prof`). Not one of the measured rounds: sampling costs. */
async function profileHub(parent: string, ms: number, say: (text: string) => void): Promise<Hot[]> {
  say('profiling A8');
  const folder = join(parent, 'profile');
  const profiles = join(folder, 'profiles');
  mkdirSync(profiles, { recursive: true });
  const startHub = startBuiltHub(['--cpu-prof', `--cpu-prof-dir=${profiles}`]);
  const system = await startSystem(['empty'], 1, { startHub, parent });
  try {
    const [cell] = CELLS;
    const site = system.sites.get('empty');
    const [replica] = site?.replicas ?? [];
    if (cell === undefined || site === undefined || replica === undefined) throw new Error('there is no A8');
    const server = { port: Number(new URL(replica.origin).port), pid: replica.pid };
    const where = { site, postgresPid: system.postgres.pid, key: system.key, folder: join(folder, 'round') };
    await measureServer(server, { ...where, cell, warmMs: ms / 2, measureMs: ms });
    process.kill(server.pid, 'SIGTERM');
    return await hottestIn(profiles);
  } finally {
    await system.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
