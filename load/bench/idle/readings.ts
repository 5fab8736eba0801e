import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpuOf, familyCpuOf, parseProcessTimes } from '../proc.ts';
import { pssOf } from '../process-readings.ts';
import type { IdleProcess } from './result.ts';

/** A process of the system; `family`: it works by children (PostgreSQL), which count with it. */
export type Watched = { name: string; pid: number; family: boolean; logFile: string };

type Reading = { cpuS: number; wakeups: ReadonlyMap<string, number>; log: Buffer };

/** Reads what each used between two calls: nothing of it asks the processes themselves. Linux only. */
export function startReading(watched: readonly Watched[]): () => IdleProcess[] {
  const fromMs = performance.now();
  const before = watched.map(read);
  return () => {
    const seconds = (performance.now() - fromMs) / 1_000;
    return watched.map((each, index) => {
      const [from, to] = [before[index], read(each)];
      if (from === undefined) throw new Error(`${each.name} was not read at the start`);
      return {
        name: each.name,
        cpuPercent: ((to.cpuS - from.cpuS) / seconds) * 100,
        wakeupsPerSecond: wakeupsBetween(from.wakeups, to.wakeups) / seconds,
        pssBytes: pssOf(pidsOf(each)),
        ...loggedBetween(from.log, to.log, seconds),
      };
    });
  };
}

/** Pure. Of threads that were there at both ends; one that began or ended in between has no difference. */
export function wakeupsBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): number {
  return [...after].reduce((sum, [thread, count]) => sum + count - (before.get(thread) ?? count), 0);
}

function loggedBetween(before: Buffer, after: Buffer, seconds: number) {
  const added = after.subarray(before.length);
  const lines = added.filter((byte) => byte === NEWLINE).length;
  return {
    logLinesPerHour: (lines / seconds) * 3_600,
    logBytesPerHour: (added.length / seconds) * 3_600,
  };
}

const NEWLINE = 10;

function read(each: Watched): Reading {
  const cpuS = each.family ? familyCpuOf(each.pid) : cpuOf(each.pid);
  const log = existsSync(each.logFile) ? readFileSync(each.logFile) : Buffer.alloc(0);
  return { cpuS, wakeups: new Map(pidsOf(each).flatMap(threadWakeups)), log };
}

function pidsOf({ pid, family }: Watched): number[] {
  if (!family) return [pid];
  const parentOf = (name: string): number | undefined => {
    try {
      return parseProcessTimes(readFileSync(`/proc/${name}/stat`, 'utf8')).parent;
    } catch {
      // It has just ended.
      return undefined;
    }
  };
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  return [pid, ...children.map(Number)];
}

/** proc_pid_status(5): a voluntary switch is a thread that went to sleep, so it has been woken as often. */
function threadWakeups(pid: number): [string, number][] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      return [thread, Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(text)?.[1] ?? 0)];
    });
  } catch {
    // A child that has just ended.
    return [];
  }
}
