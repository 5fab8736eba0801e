import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, waitFor } from '@scholar/runtime/testing';
import { HttpConnection } from '../client/http-connection.ts';
import { eventRequests } from '../client/requests.ts';
import { runJob } from '../client/run-job.ts';
import { startSink } from '../client/sink.ts';
import { labelOf } from '../event.ts';
import type { Running } from '../launch.ts';
import { pssOf } from '../process-readings.ts';
import { readIds } from '../read-ids.ts';
import { median } from '../statistics.ts';
import type { Contestant } from './contestants/contestant.ts';
import { outboxOf } from './contestants/forwarder.ts';
import { jobFor } from './round.ts';

export type State = { queued: number; p50Ms: number; pssBytes: number; drainPerSecond: number };
export type Growth = {
  small: State;
  large: State;
  /** After kill -9 with everything undelivered and the files out of the page cache. Milliseconds from the start of the process. */
  restarts: number;
  readyMs: number;
  firstAckMs: number;
  firstDeliveryMs: number;
  lost: number;
};

/** Counts of events, and milliseconds. */
export type GrowthSizes = {
  small: number;
  large: number;
  /** A backlog that is drained whole to know the rate of a small one: a thousand would be gone before it is measured. */
  drained: number;
  restarts: number;
  aloneMs: number;
  drainMs: number;
};

export type GrowthPlan = GrowthSizes & { folder: string; say: (text: string) => void };

/** A machine that is too busy to take a million in this time is measured with fewer; the result says with how many. */
const FILL_MS = 150_000;
const PATIENCE = { timeoutMs: 120_000, intervalMs: 1 };

/** One forwarder with a few and with very many undelivered events; then killed and started again. */
export async function measureGrowth(contestant: Contestant, plan: GrowthPlan): Promise<Growth> {
  const { folder, say } = plan;
  try {
    say(`growth: ${plan.drained} events drained`);
    const drainPerSecond = await drainSmall(contestant, join(folder, 'drained'), plan.drained);
    const grown = await grow(contestant, plan);
    say(`growth: killed with ${grown.large.queued} undelivered; started ${plan.restarts} times`);
    const store = join(folder, 'grown', 'store');
    const seen = await restart(contestant, store, plan);
    const { delivery, lost } = await drainLarge(contestant, store, plan, grown.files);
    return {
      small: { ...grown.small, drainPerSecond },
      large: { ...grown.large, drainPerSecond: delivery.perSecond },
      restarts: plan.restarts,
      ...seen,
      firstDeliveryMs: delivery.firstMs,
      lost,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function drainSmall(contestant: Contestant, folder: string, events: number): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const store = join(folder, 'store');
  const filling = await contestant.start({ folder: store });
  const load = {
    concurrency: 64,
    warmMs: 0,
    measureMs: FILL_MS,
    acknowledgedFile: join(folder, 'acknowledged'),
  };
  const { acknowledged } = await runJob({ ...jobFor(contestant, filling, folder), ...load, events });
  await filling.kill();
  const sinkPort = await freePort();
  const sink = await startSink(sinkPort);
  const running = await contestant.start({ folder: store, sinkPort });
  try {
    await waitFor(() => sink.delivered > 0, PATIENCE);
    const [fromMs, already] = [performance.now(), sink.delivered];
    await waitFor(() => sink.delivered >= acknowledged, PATIENCE);
    return ((acknowledged - already) * 1_000) / (performance.now() - fromMs);
  } finally {
    await running.kill();
    sink.close();
  }
}

async function grow(contestant: Contestant, plan: GrowthPlan) {
  const folder = join(plan.folder, 'grown');
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  const running = await contestant.start({ folder: join(folder, 'store') });
  let queued = 0;
  const load = async (o: { concurrency: number; events?: number; measureMs: number; warmMs: number }) => {
    const acknowledgedFile = join(folder, `acknowledged-${files.length}`);
    files.push(acknowledgedFile);
    const measured = await runJob({ ...jobFor(contestant, running, folder), ...o, acknowledgedFile });
    queued += measured.acknowledged;
    return measured;
  };
  const look = async (): Promise<Omit<State, 'drainPerSecond'>> => {
    const at = queued;
    const { p50Ms } = await load({ concurrency: 1, warmMs: 300, measureMs: plan.aloneMs });
    return { queued: at, p50Ms, pssBytes: pssOf([running.pid]) };
  };
  try {
    await load({ concurrency: 64, events: plan.small, warmMs: 0, measureMs: FILL_MS });
    const small = await look();
    plan.say(`growth: filling to ${plan.large}`);
    await load({ concurrency: 64, events: plan.large - queued, warmMs: 0, measureMs: FILL_MS });
    return { small, large: await look(), files };
  } finally {
    await running.kill();
  }
}

async function restart(
  contestant: Contestant,
  store: string,
  plan: GrowthPlan,
): Promise<{ readyMs: number; firstAckMs: number }> {
  const [ready, firstAck]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < plan.restarts; turn += 1) {
    forgetPages(outboxOf(store));
    const fromMs = performance.now();
    const running = await contestant.start({ folder: store });
    ready.push(running.acceptsMs);
    firstAck.push(await acknowledgeOne(running, fromMs));
    await running.kill();
  }
  return { readyMs: median(ready), firstAckMs: median(firstAck) };
}

async function acknowledgeOne({ port }: Running, fromMs: number): Promise<number> {
  const connection = await HttpConnection.open(port);
  const { status } = await connection.send(eventRequests({ port, label: labelOf(0) })(crypto.randomUUID()));
  if (status !== 202) throw new Error(`after a restart the first event was answered with ${status}`);
  connection.close();
  return performance.now() - fromMs;
}

async function drainLarge(contestant: Contestant, store: string, plan: GrowthPlan, files: readonly string[]) {
  const sinkPort = await freePort();
  const sink = await startSink(sinkPort);
  forgetPages(outboxOf(store));
  const fromMs = performance.now();
  const starting = contestant.start({ folder: store, sinkPort });
  try {
    await waitFor(() => sink.delivered > 0, PATIENCE);
    const firstMs = performance.now() - fromMs;
    const running = await starting;
    const [drainFromMs, already] = [performance.now(), sink.delivered];
    await sleep(plan.drainMs);
    const perSecond = ((sink.delivered - already) * 1_000) / (performance.now() - drainFromMs);
    await running.kill();
    const stored = await contestant.storedIds(store, 0);
    let lost = 0;
    for (const file of files)
      for (const id of readIds(file)) if (!stored.has(id) && !sink.ids.has(id)) lost += 1;
    return { delivery: { firstMs, perSecond }, lost };
  } finally {
    await (await starting).kill();
    sink.close();
  }
}

/** The files of a folder leave the page cache, so that a start reads the disk; `dd` of GNU asks the kernel for it. */
function forgetPages(folder: string): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile()))
    execFileSync('dd', [
      `if=${join(entry.parentPath, entry.name)}`,
      'iflag=nocache',
      'count=0',
      'status=none',
    ]);
}
