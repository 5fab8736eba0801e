import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';

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

/** Waits for the profile that a process of Node writes into `folder` (`--cpu-prof-dir`) when it ends. */
export async function hottestIn(folder: string): Promise<Hot[]> {
  const read = (): CpuProfile | undefined => {
    const [file] = readdirSync(folder);
    if (file === undefined) return undefined;
    try {
      return JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
    } catch {
      // It is being written.
      return undefined;
    }
  };
  return hottest(await waitFor(read, { timeoutMs: 60_000, what: 'the profile being written' }));
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
