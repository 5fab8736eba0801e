import { join } from 'node:path';
import { CORES } from '../cores.ts';
import type { Job, Measured } from '../job.ts';
import { pinned, runToEnd, SOURCE_FLAGS } from '../launch.ts';

const CLIENT = join(import.meta.dirname, 'main.ts');
const LONGEST_JOB_MS = 240_000;

/**
 * The load runs in a process of its own, the same program whoever is measured.
 * @param core the one that it has to itself; 'any': it shares the machine with what is measured
 */
export async function runJob(job: Job, core: string = CORES.load): Promise<Measured> {
  const args = [...SOURCE_FLAGS, CLIENT, JSON.stringify(job)];
  const command = { file: process.execPath, args };
  const output = await runToEnd(pinned(command, core), LONGEST_JOB_MS);
  return JSON.parse(output) as Measured;
}
