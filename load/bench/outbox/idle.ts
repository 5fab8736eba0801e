import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@scholar/runtime/testing';
import { startSink } from '../client/sink.ts';
import type { Running } from '../launch.ts';
import { pssOf } from '../process-readings.ts';
import type { Contestant } from './contestants/contestant.ts';

/** As many as there are applications. */
export const FORWARDERS = 7;

/** Memory of seven that have nothing to do, after `idleMs`. Bytes, shared pages counted once (PSS). */
export async function measureIdle(contestant: Contestant, folder: string, idleMs: number): Promise<number> {
  const sinkPort = await freePort();
  const sink = await startSink(sinkPort);
  const running: Running[] = [];
  try {
    for (let index = 0; index < FORWARDERS; index += 1)
      running.push(await contestant.start({ folder: join(folder, String(index)), sinkPort }));
    await sleep(idleMs);
    return pssOf(running.map(({ pid }) => pid));
  } finally {
    await Promise.all(running.map((each) => each.kill()));
    sink.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
