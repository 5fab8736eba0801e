import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@scholar/runtime/testing';
import { runJob } from '../client/run-job.ts';
import type { Job, Measured } from '../job.ts';
import type { Running } from '../launch.ts';
import { readIds } from '../read-ids.ts';
import type { Cell } from './cells.ts';
import type { Contestant } from './contestants/contestant.ts';

export type Round = Measured & {
  /** Acknowledged, and neither delivered nor in the store after kill -9. Always 0, or the run fails. */
  lost: number;
};

export type RoundInput = {
  cell: Cell;
  contestant: Contestant;
  /** Made, and removed afterwards. */
  folder: string;
  warmMs: number;
  measureMs: number;
};

/**
 * One measured round: a fresh process over an empty folder, load, kill -9 under load, and every acknowledged id looked for.
 * @throws Error when an id is lost: then the round means nothing, and it is a defect of whoever lost it.
 */
export async function measureRound(input: RoundInput): Promise<Round> {
  const { cell, contestant, folder, warmMs, measureMs } = input;
  mkdirSync(folder, { recursive: true });
  const sinkPort = cell.delivers ? await freePort() : undefined;
  const running = await contestant.start({
    folder: join(folder, 'store'),
    ...(sinkPort === undefined ? {} : { sinkPort }),
  });
  try {
    const files = {
      acknowledgedFile: join(folder, 'acknowledged'),
      deliveredFile: join(folder, 'delivered'),
    };
    const measured = await runJob({
      ...jobFor(contestant, running, folder),
      ...{ ...cell.load, warmMs, measureMs, ...files, killPid: running.pid },
      ...(sinkPort === undefined ? {} : { sinkPort }),
    });
    await running.kill();
    const lost = await countLost({
      contestant,
      store: join(folder, 'store'),
      ...files,
      delivers: cell.delivers,
    });
    if (lost > 0)
      throw new Error(`${contestant.title} lost ${lost} of ${measured.acknowledged} acknowledged events`);
    return { ...measured, lost };
  } finally {
    await running.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The parts of a job that depend on who is measured. */
export function jobFor(
  { protocol, modules }: Contestant,
  { port, pid }: Running,
  folder: string,
): Pick<Job, 'target' | 'pids' | 'device'> {
  return {
    target: { protocol, ports: [port], ...(modules === undefined ? {} : { modules }) },
    pids: [pid],
    device: deviceOf(folder),
  };
}

async function countLost(o: {
  contestant: Contestant;
  store: string;
  acknowledgedFile: string;
  deliveredFile: string;
  delivers: boolean;
}): Promise<number> {
  if (o.contestant.durability === 'none') return 0;
  const acknowledged = readIds(o.acknowledgedFile);
  const delivered = o.delivers ? readIds(o.deliveredFile) : new Set<string>();
  const owed = [...acknowledged].filter((id) => !delivered.has(id));
  const stored = await o.contestant.storedIds(o.store, owed.length);
  return owed.filter((id) => !stored.has(id)).length;
}

/** "major:minor" of the block device under a folder, as /proc/diskstats has it. */
function deviceOf(folder: string): string {
  const { dev } = statSync(folder);
  // gnu_dev_major and gnu_dev_minor of <sys/sysmacros.h>, for numbers below 2^32.
  return `${(dev >>> 8) & 0xfff}:${(dev & 0xff) | ((dev >>> 12) & 0xfff00)}`;
}
