import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';
import { verifyOutbox } from '../../outbox/index.ts';
import { type ForwarderProcess, launchForwarder, load, startForwarderProcess } from '../forwarder-process.ts';
import { newUser } from '../start-forwarder.ts';
import type { RealA8 } from './real-a8.ts';

export interface RowsReport {
  kills: number;
  /** Of those, before it was ready: in the middle of a recovery. */
  killsWhileStarting: number;
  killsOfA8: number;
  acknowledged: number;
  lost: string[];
  /** Ids with more than one row. */
  doubled: string[];
  /** Accepted and not acknowledged, because the answer was cut off: they may be rows, too. */
  appended: number;
  conserves: boolean;
  damage: unknown;
}

const READY_MS = 600;

/** Kills a forwarder under load with -9 at random moments, and A8 now and then, until the time is up; then counts rows. */
export async function killAgainstRows(o: {
  folder: string;
  a8: RealA8;
  random: () => number;
  untilMs: number;
}): Promise<RowsReport> {
  const { a8, random } = o;
  const dir = join(o.folder, 'outbox');
  const env = { A8_URL: a8.url, A8_KEY_FILE: a8.keyFile, OUTBOX_DIR: dir };
  let [kills, killsWhileStarting, killsOfA8] = [0, 0, 0];
  let forwarder: ForwarderProcess = await startForwarderProcess(env);
  const sent = load((options) => forwarder.post({ ...options, body: newUser() }), 16);
  while (performance.now() < o.untilMs) {
    await pause(random() * READY_MS);
    const killA8 = random() < 0.15;
    if (killA8) {
      await a8.kill();
      killsOfA8 += 1;
    }
    forwarder.service.kill('SIGKILL');
    await forwarder.service.exited;
    kills += 1;
    if (random() < 0.3) {
      const starting = launchForwarder(env);
      await pause(random() * READY_MS);
      starting.kill('SIGKILL');
      await starting.exited;
      kills += 1;
      killsWhileStarting += 1;
    }
    forwarder = await startForwarderProcess(env);
    if (killA8) await a8.start();
  }
  await sent.stop();
  const status = async () => JSON.parse(await forwarder.ops('/status'));
  await waitFor(async () => (await status()).queue.depth === 0, {
    timeoutMs: 300_000,
    what: 'an empty queue',
  });
  const { totals, dead, queue } = await status();
  await forwarder.service.stop();
  const ids = [...sent.acknowledged];
  const rows = await a8.rows(ids);
  const { ok: whole, ...damage } = await verifyOutbox(dir);
  return {
    ...{ kills, killsWhileStarting, killsOfA8, acknowledged: ids.length, appended: totals.appended },
    lost: ids.filter((id) => !rows.has(id)),
    doubled: [...rows].filter(([, n]) => n > 1).map(([id]) => id),
    conserves:
      totals.appended === totals.delivered + queue.depth + dead.contract + dead.system + totals.discarded,
    damage: whole ? null : damage,
  };
}

const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));
