import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runJob } from '../client/run-job.ts';
import type { Site, System } from '../system.ts';
import type { Arrangement, ArrangementName } from './arrangements.ts';
import { commitWindow } from './commit-window.ts';
import { type Drained, measureDrain } from './drain.ts';

/** A8 alone. Events a second; CPU in microseconds an event. */
export type Alone = { perSecond: number; cpuUs: { sender: number; hub: number; postgres: number } };
export type Round = { arrangement: ArrangementName; alone: Alone; drained: Drained };

/** Of a forwarder (DEFAULT_PACING.maxInFlight): the bare sender has as many under way. */
const IN_FLIGHT = 32;
/** As long as those of a forwarder, which puts one on each event: A8 reads it and keeps it. */
const TRACEPARENT = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
/** Of each application. */
const LIVE_PER_SECOND = 20;
const LONGEST_MS = 220_000;

type RoundInput = {
  system: System;
  site: Site;
  arrangement: Arrangement;
  folder: string;
  /** Events that each forwarder has when A8 is back. */
  backlog: number;
};

export async function measureRound(input: RoundInput): Promise<Round> {
  const { system, site, arrangement, folder, backlog } = input;
  const alone = await measureAlone({ ...input, folder: join(folder, 'alone') });
  const drained = await measureDrain({
    ...{ system, site, forwarders: arrangement.forwarders, backlog, core: arrangement.senders },
    ...{ folder: join(folder, 'drain'), livePerSecond: LIVE_PER_SECOND * arrangement.forwarders },
    expectedPerSecond: alone.perSecond,
  });
  return { arrangement: arrangement.name, alone, drained };
}

/**
 * What A8 takes from a sender that keeps nothing on a disk, with as many events under way as the forwarders have, and as many events in all: a
 * table of a million rows is dearer than a small one.
 */
async function measureAlone({ system, site, arrangement, folder, backlog }: RoundInput): Promise<Alone> {
  const [replica] = site.replicas;
  if (replica === undefined) throw new Error('there is no A8');
  await site.admin.query('TRUNCATE events');
  await site.admin.query('CHECKPOINT');
  mkdirSync(folder, { recursive: true });
  const { forwarders, senders } = arrangement;
  const measured = await runJob(
    {
      target: {
        ...{ protocol: 'hub', ports: [Number(new URL(replica.origin).port)] },
        ...{ senders: forwarders, key: system.key, traceparent: TRACEPARENT },
      },
      ...{
        concurrency: forwarders * IN_FLIGHT,
        events: forwarders * backlog,
        warmMs: 0,
        measureMs: LONGEST_MS,
      },
      ...{ pids: [replica.pid], family: system.postgres.pid, acknowledgedFile: join(folder, 'ids') },
    },
    senders,
  );
  rmSync(folder, { recursive: true, force: true });
  const { cpuUsPerSecond, familyUsPerSecond, clientCpuUsPerSecond } = measured;
  return {
    perSecond: (await commitWindow(site)).perSecond,
    cpuUs: {
      sender: clientCpuUsPerSecond / measured.perSecond,
      hub: cpuUsPerSecond / measured.perSecond,
      postgres: familyUsPerSecond / measured.perSecond,
    },
  };
}
