import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runJob } from '../client/run-job.ts';
import { type Hot, hottestIn } from '../cpu-profile.ts';
import { forwarder } from './contestants/forwarder.ts';
import { jobFor } from './round.ts';

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
    return await hottestIn(profiles);
  } finally {
    await running.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
