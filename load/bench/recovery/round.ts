import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runJob } from '../client/run-job.ts';
import type { Site, System } from '../system.ts';
import type { Arrangement, ArrangementName } from './arrangements.ts';
import { type Drained, measureDrain } from './drain.ts';

export type Sizes = { backlog: number; steadyMs: number };

/** A8 alone before and after a recovery. Events a second; CPU in microseconds an event. */
export type Steady = { perSecond: number; cpuUs: { sender: number; hub: number; postgres: number } };
export type Round = { arrangement: ArrangementName; before: Steady; after: Steady; drained: Drained };

/** Of a forwarder (DEFAULT_PACING.maxInFlight): the bare sender has as many under way. */
const IN_FLIGHT = 32;
/** Of each application. */
const LIVE_PER_SECOND = 20;
const WARM_MS = 2_000;

export async function measureRound(o: {
  system: System;
  site: Site;
  arrangement: Arrangement;
  folder: string;
  sizes: Sizes;
}): Promise<Round> {
  const { system, site, arrangement, folder, sizes } = o;
  const steady = () => measureSteady({ ...o, folder: join(folder, 'steady') });
  const before = await steady();
  const drained = await measureDrain({
    ...{
      system,
      site,
      forwarders: arrangement.forwarders,
      backlog: sizes.backlog,
      core: arrangement.senders,
    },
    ...{ folder: join(folder, 'drain'), livePerSecond: LIVE_PER_SECOND * arrangement.forwarders },
    expectedPerSecond: before.perSecond,
  });
  return { arrangement: arrangement.name, before, drained, after: await steady() };
}

/** The most that A8 takes from a sender that keeps nothing on a disk, with as many events under way as the forwarders have. */
async function measureSteady(o: {
  system: System;
  site: Site;
  arrangement: Arrangement;
  folder: string;
  sizes: Sizes;
}): Promise<Steady> {
  const { system, site, arrangement, folder, sizes } = o;
  const [replica] = site.replicas;
  if (replica === undefined) throw new Error('there is no A8');
  await site.admin.query('TRUNCATE events');
  await site.admin.query('CHECKPOINT');
  mkdirSync(folder, { recursive: true });
  const measured = await runJob(
    {
      target: {
        ...{ protocol: 'hub', ports: [Number(new URL(replica.origin).port)] },
        ...{ senders: arrangement.forwarders, key: system.key },
      },
      ...{ concurrency: arrangement.forwarders * IN_FLIGHT, warmMs: WARM_MS, measureMs: sizes.steadyMs },
      ...{ pids: [replica.pid], family: system.postgres.pid, acknowledgedFile: join(folder, 'ids') },
    },
    arrangement.senders,
  );
  rmSync(folder, { recursive: true, force: true });
  const { perSecond, cpuUsPerSecond, familyUsPerSecond, clientCpuUsPerSecond } = measured;
  return {
    perSecond,
    cpuUs: {
      sender: clientCpuUsPerSecond / perSecond,
      hub: cpuUsPerSecond / perSecond,
      postgres: familyUsPerSecond / perSecond,
    },
  };
}
