import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { systemClock } from '@scholar/runtime/clock';
import { verifyOutbox } from '../offline.ts';
import { openOutbox } from '../open.ts';
import { conserves } from '../stats.ts';

const SCRIPT = join(import.meta.dirname, 'append-for-ever.ts');

/** Starts the process that appends under load to the log in `dir`. */
export const startAppending = (dir: string): ChildProcess =>
  spawn(process.execPath, ['--conditions=source', SCRIPT, dir], { stdio: ['ignore', 'pipe', 'inherit'] });

/** Kills it once it has acknowledged `least` events; answers the acknowledged ids. */
export async function killAfter(child: ChildProcess, least: number): Promise<string[]> {
  let output = '';
  child.stdout?.setEncoding('latin1').on('data', (text: string) => {
    output += text;
    if (output.length >= least * 37) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return output.split('\n').filter((line) => line.length === 36);
}

export interface KilledLog {
  kills: number;
  acknowledged: number;
  lost: string[];
  /** Events whose bytes are not those that were handed in. */
  altered: string[];
  /** verifyOutbox found nothing wrong after any kill. */
  whole: boolean;
  conserves: boolean;
}

/** Kills a process that appends, again and again on one folder, and reads every acknowledged event back. */
export async function killLog(o: {
  dir: string;
  random: () => number;
  kills?: number;
  seconds?: number;
}): Promise<KilledLog> {
  const acknowledged = new Set<string>();
  const endMs = performance.now() + (o.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  let [kills, whole] = [0, true];
  while (kills < (o.kills ?? Number.POSITIVE_INFINITY) && performance.now() < endMs) {
    const least = 1 + Math.floor(o.random() * 1500);
    for (const id of await killAfter(startAppending(o.dir), least)) acknowledged.add(id);
    kills += 1;
    whole &&= (await verifyOutbox(o.dir)).ok;
  }
  const outbox = await openOutbox({ dir: o.dir, clock: systemClock });
  const balanced = conserves(outbox.stats());
  const found = new Map((await outbox.takeBacklog(10_000_000)).map((event) => [event.eventId, event.body]));
  await outbox.close();
  return {
    ...{ kills, whole, acknowledged: acknowledged.size, conserves: balanced },
    lost: [...acknowledged].filter((id) => !found.has(id)),
    altered: [...found].filter(([id, body]) => JSON.parse(body.toString()).eventId !== id).map(([id]) => id),
  };
}
