import { constants, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runJob } from '../client/run-job.ts';
import { descriptorFlags } from '../process-readings.ts';
import type { Contestant } from './contestants/contestant.ts';
import { jobFor } from './round.ts';

/** Calls that make bytes durable, while `events` events were acknowledged one after the other. */
export type SyncCount = {
  events: number;
  /** fsync, fdatasync, and msync with MS_SYNC. */
  syncCalls: number;
  /** Writes through a descriptor that was opened with O_DSYNC or O_SYNC: each returns after a sync of its own. */
  syncedWrites: number;
};

/** Long enough for what a process does right after it was asked, such as a note that it writes lazily. */
const SETTLE_MS = 300;
/** strace makes every call slower. */
const LONGEST_MS = 60_000;

/** Runs a contestant under strace with one event in flight: its durability class, seen from the kernel's side. */
export async function countSyncs(contestant: Contestant, folder: string, events: number): Promise<SyncCount> {
  mkdirSync(folder, { recursive: true });
  const traceFile = join(folder, 'trace');
  const running = await contestant.start({ folder: join(folder, 'store'), traceFile });
  try {
    const job = {
      ...jobFor(contestant, running, folder),
      ...{ concurrency: 1, warmMs: 0, measureMs: LONGEST_MS, acknowledgedFile: join(folder, 'acknowledged') },
    };
    // Files are opened, and their folders synced, with the first event.
    await runJob({ ...job, events: 5 });
    await sleep(SETTLE_MS);
    const synced = syncedDescriptors(running.pid);
    const from = statSync(traceFile).size;
    const { acknowledged } = await runJob({ ...job, events });
    await sleep(SETTLE_MS);
    const trace = readFileSync(traceFile, 'latin1').slice(from);
    return { events: acknowledged, ...countInTrace(trace, synced) };
  } finally {
    await running.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function syncedDescriptors(pid: number): Set<number> {
  const flags = [...descriptorFlags(pid)];
  return new Set(flags.filter(([, bits]) => (bits & constants.O_DSYNC) !== 0).map(([fd]) => fd));
}

/** Pure: counts calls where they begin; a call that strace shows in two lines has its name and its descriptor in the first. */
export function countInTrace(
  trace: string,
  syncedDescriptors: ReadonlySet<number>,
): Pick<SyncCount, 'syncCalls' | 'syncedWrites'> {
  let [syncCalls, syncedWrites] = [0, 0];
  for (const [, line = ''] of trace.matchAll(/^\d+ +(\w+\([^\n]*)$/gm)) {
    const [, name = '', first = ''] = /^(\w+)\((\w*)/.exec(line) ?? [];
    if (name === 'fsync' || name === 'fdatasync') syncCalls += 1;
    if (name === 'msync' && line.includes('MS_SYNC')) syncCalls += 1;
    if (/^p?write(64|v|v2)?$/.test(name) && syncedDescriptors.has(Number(first))) syncedWrites += 1;
  }
  return { syncCalls, syncedWrites };
}
