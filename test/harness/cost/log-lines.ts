import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stateLayout } from '@scholar/operator/target/local/layout';
import type { LocalSystem } from '../local-system.ts';

/** What one process wrote into its log: lines by level (`other` for what is no line of ours) and their bytes. */
export type Logged = {
  process: string;
  lines: Record<string, number>;
  total: number;
  bytes: number;
  text: string;
};

/** @returns what every process of a local system writes from now until it is asked. */
export async function startCounting(system: LocalSystem): Promise<() => Promise<Logged[]>> {
  const before = await readLogs(system);
  return async () =>
    [...(await readLogs(system))].map(([process, content]) =>
      count(process, content.subarray(before.get(process)?.length ?? 0).toString('utf8')),
    );
}

/** Everything since the start of the system. */
export async function loggedUntilNow(system: LocalSystem): Promise<Logged[]> {
  return [...(await readLogs(system))].map(([process, content]) => count(process, content.toString('utf8')));
}

async function readLogs(system: LocalSystem): Promise<Map<string, Buffer>> {
  const { logs } = stateLayout(system.state);
  const files = (await readdir(logs)).filter((file) => file.endsWith('.log'));
  const read = files.map(
    async (file): Promise<[string, Buffer]> => [file.slice(0, -4), await readFile(join(logs, file))],
  );
  return new Map(await Promise.all(read));
}

function count(process: string, text: string): Logged {
  const all = text.split('\n').filter((line) => line !== '');
  const lines: Record<string, number> = {};
  for (const line of all) {
    const level = levelOf(line);
    lines[level] = (lines[level] ?? 0) + 1;
  }
  return { process, lines, total: all.length, bytes: Buffer.byteLength(text), text };
}

function levelOf(line: string): string {
  try {
    const { level } = JSON.parse(line) as { level?: unknown };
    return typeof level === 'string' ? level : 'other';
  } catch {
    return 'other';
  }
}
