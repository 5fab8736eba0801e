import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { forwarder } from './contestants/forwarder.ts';
import { jobFor, runJob } from './round.ts';

/** Where the time of the event loop went: share of all samples, the function's own code only. */
export type Hot = { where: string; share: number };

type CpuProfile = {
  nodes: readonly {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
  }[];
  samples: readonly number[];
};

const KEPT = 20;

/** A forwarder under the load of "accept", sampled by V8 (`--cpu-prof`). Not one of the measured rounds: sampling costs. */
export async function profileForwarder(folder: string, ms: number): Promise<Hot[]> {
  const profiles = join(folder, 'profiles');
  mkdirSync(profiles, { recursive: true });
  const contestant = forwarder(['--cpu-prof', `--cpu-prof-dir=${profiles}`]);
  const running = await contestant.start({ folder: join(folder, 'store') });
  try {
    const acknowledgedFile = join(folder, 'acknowledged');
    const job = jobFor(contestant, running, folder);
    await runJob({ ...job, concurrency: 64, warmMs: ms / 2, measureMs: ms, acknowledgedFile });
    process.kill(running.pid, 'SIGTERM');
    for (let tries = 0; readdirSync(profiles).length === 0 && tries < 300; tries += 1) await sleep(100);
    const [file = 'none'] = readdirSync(profiles);
    await sleep(500);
    return hottest(JSON.parse(readFileSync(join(profiles, file), 'utf8')) as CpuProfile);
  } finally {
    await running.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pure. */
export function hottest({ nodes, samples }: CpuProfile): Hot[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const counts = new Map<string, number>();
  for (const sample of samples) {
    const name = names.get(sample) ?? '';
    if (name !== '(idle)') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts]
    .map(([where, count]) => ({ where, share: Math.round((count / total) * 1_000) / 1_000 }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, KEPT);
}

/** The function and the last two parts of its file: no path of a machine. */
function nameOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const file = url
    .replace(/^file:\/\//, '')
    .split('/')
    .slice(-2)
    .join('/');
  return [functionName === '' ? '(anonymous)' : functionName, file].filter((part) => part !== '').join(' ');
}
