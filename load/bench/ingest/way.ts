import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';
import { runJob } from '../client/run-job.ts';
import { committedAfter } from '../committed.ts';
import { dueTimes } from '../due-times.ts';
import { labelOf } from '../event.ts';
import type { Running } from '../launch.ts';
import { readIds } from '../read-ids.ts';
import { countRows } from '../rows.ts';
import { startForwarder } from '../start-forwarder.ts';
import { quantileOfSorted } from '../statistics.ts';
import type { Site, System } from '../system.ts';

/** From an application's call to its row: seven forwarders, one A8, one clock. Milliseconds. */
export type Way = {
  events: number;
  /** Call to commit; the call counts from when it was due. */
  committedP50Ms: number;
  committedP95Ms: number;
  committedP99Ms: number;
  /** Call to the forwarder's 202, which is a promise of its own: the event is on a disk. */
  acknowledgedP95Ms: number;
  waited: number;
  foreignCpu: number;
};

export type WayInput = {
  system: System;
  site: Site;
  folder: string;
  forwarders: number;
  perSecond: number;
  warmMs: number;
  measureMs: number;
};

/**
 * The load calls the forwarders in turns; PostgreSQL tells when each row was committed, by the clock of this machine.
 * @throws Error when an acknowledged event has not become a row
 */
export async function measureWay(input: WayInput): Promise<Way> {
  const { site, folder, warmMs, measureMs, perSecond } = input;
  await site.admin.query('TRUNCATE events');
  await site.admin.query('CHECKPOINT');
  mkdirSync(folder, { recursive: true });
  const files = { acknowledgedFile: join(folder, 'acknowledged'), dueFile: join(folder, 'due') };
  const forwarders: Running[] = [];
  try {
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, input.system.key);
    const [replica] = site.replicas;
    const a8Port = Number(new URL(replica?.origin ?? '').port);
    for (let index = 0; index < input.forwarders; index += 1) {
      const label = labelOf(index);
      const outbox = join(folder, label);
      forwarders.push(await startForwarder({ ...{ label, outbox, keyFile, a8Port }, core: 'any' }));
    }
    const measured = await runJob(
      {
        target: { protocol: 'event', ports: forwarders.map(({ port }) => port) },
        ...{ concurrency: input.forwarders * 8, perSecond, pace: 'timer', warmMs, measureMs },
        ...{ pids: forwarders.map(({ pid }) => pid), family: input.system.postgres.pid, ...files },
      },
      'any',
    );
    await arrived(site, readIds(files.acknowledgedFile).size);
    const tookMs = await committedAfter(site, dueTimes(files.dueFile));
    return {
      events: tookMs.length,
      committedP50Ms: quantileOfSorted(tookMs, 0.5),
      committedP95Ms: quantileOfSorted(tookMs, 0.95),
      committedP99Ms: quantileOfSorted(tookMs, 0.99),
      acknowledgedP95Ms: measured.p95Ms,
      waited: measured.waited,
      foreignCpu: measured.foreignCpu,
    };
  } finally {
    await Promise.all(forwarders.map((each) => each.kill()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Delivery goes on after the last call; then exactly the acknowledged are rows. */
async function arrived({ admin }: Site, acknowledged: number): Promise<void> {
  const all = async () => (await countRows(admin)) >= acknowledged;
  await waitFor(all, { timeoutMs: 60_000, intervalMs: 50, what: 'every acknowledged event becoming a row' });
  const rows = await countRows(admin);
  if (rows !== acknowledged)
    throw new Error(`${acknowledged} events were acknowledged, ${rows} rows are there`);
}
