import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { ComponentStatus } from './component.ts';
import { readJson } from './json-file.ts';
import type { StateLayout } from './layout.ts';

const recordSchema = z.array(
  z.strictObject({ name: z.string(), pid: z.number().int(), started: z.string().nullable() }),
);

export type ProcessRecord = z.infer<typeof recordSchema>[number];

/**
 * Notes which processes belong to this system, so that `down` can end them even when the supervisor was killed.
 * Written without a sync: it matters only while this machine is up.
 */
export function rememberProcesses(layout: StateLayout, statuses: ComponentStatus[]): void {
  const records = statuses.flatMap(({ name, pid }) =>
    pid === null ? [] : [{ name, pid, started: processStart(pid) }],
  );
  writeFileSync(layout.processes, `${JSON.stringify(records)}\n`, { mode: 0o600 });
}

export async function rememberedProcesses(layout: StateLayout): Promise<ProcessRecord[]> {
  return (await readJson(layout.processes, recordSchema)) ?? [];
}

/** Pids are reused: a process is ours only while it also has the start time that we noted. */
export function isSameProcess(record: { pid: number; started: string | null }): boolean {
  return isAlive(record.pid) && processStart(record.pid) === record.started;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** @returns the kernel's start time of a process (clock ticks since boot) on Linux, null where /proc is not there. */
export function processStart(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === 'Z';
}

/** Fields of /proc/PID/stat after the command name, which may itself hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
