import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, waitFor } from '@scholar/runtime/testing';
import { runJob } from '../client/run-job.ts';
import { committedAfter } from '../committed.ts';
import { type DueTimes, dueTimes } from '../due-times.ts';
import { labelOf } from '../event.ts';
import { cpuOf, familyCpuOf } from '../proc.ts';
import { readIds } from '../read-ids.ts';
import { countFound } from '../rows.ts';
import { type StartedForwarder, startForwarder } from '../start-forwarder.ts';
import { quantileOfSorted } from '../statistics.ts';
import type { Site, System } from '../system.ts';
import { type CommitWindow, commitWindow } from './commit-window.ts';

/** One recovery. Rates in events a second, times in milliseconds, CPU in microseconds an event. */
export type Drained = {
  events: number;
  perSecond: number;
  /** Of the applications' own events meanwhile: from when a call was due to the commit of its row. */
  live: { events: number; p50Ms: number; p95Ms: number; maxMs: number };
  cpuUs: { forwarders: number; hub: number; postgres: number };
  /** Acknowledged by a forwarder, and no row at the end. */
  lost: number;
};

export type DrainInput = {
  system: System;
  site: Site;
  folder: string;
  forwarders: number;
  /** Events that each forwarder has when A8 is back. */
  backlog: number;
  /** What A8 takes, to know for how long applications have to go on. */
  expectedPerSecond: number;
  livePerSecond: number;
  core: string;
};

const LONGEST_MS = 600_000;

/** Forwarders take a backlog while A8 is away, are killed, and come back to an A8 that is there and to applications that go on. */
export async function measureDrain(input: DrainInput): Promise<Drained> {
  const { site, system, folder, core } = input;
  await site.admin.query('TRUNCATE events');
  mkdirSync(folder, { recursive: true });
  const files = {
    backlog: join(folder, 'backlog'),
    live: join(folder, 'live'),
    due: join(folder, 'due'),
  };
  const [replica] = site.replicas;
  if (replica === undefined) throw new Error('there is no A8');
  let forwarders: StartedForwarder[] = [];
  const ended = () => Promise.all(forwarders.map((each) => each.kill()));
  try {
    forwarders = await startAll(input, await freePort());
    await fill(input, forwarders, files.backlog);
    await ended();
    await site.admin.query('CHECKPOINT');
    const pids = { hub: replica.pid, postgres: system.postgres.pid };
    const before = { hub: cpuOf(pids.hub), postgres: familyCpuOf(pids.postgres) };
    forwarders = await startAll(input, Number(new URL(replica.origin).port));
    const total = input.backlog * input.forwarders;
    await runJob(
      {
        target: { protocol: 'event', ports: forwarders.map(({ port }) => port) },
        ...{ concurrency: input.forwarders * 8, perSecond: input.livePerSecond, pace: 'timer' },
        ...{ warmMs: 0, measureMs: Math.round((total / input.expectedPerSecond) * 1_000), pids: [] },
        ...{ acknowledgedFile: files.live, dueFile: files.due },
      },
      core,
    );
    await waitFor(() => everyQueueEmpty(forwarders), { timeoutMs: LONGEST_MS, intervalMs: 250 });
    const ids = new Set([...readIds(files.backlog), ...readIds(files.live)]);
    const cpuUs = {
      forwarders: usEach(
        forwarders.reduce((sum, { pid }) => sum + cpuOf(pid), 0),
        ids.size,
      ),
      hub: usEach(cpuOf(pids.hub) - before.hub, ids.size),
      postgres: usEach(familyCpuOf(pids.postgres) - before.postgres, ids.size),
    };
    const window = await commitWindow(site);
    const live = await liveOf(site, dueTimes(files.due), window);
    return {
      events: ids.size,
      perSecond: window.perSecond,
      live,
      cpuUs,
      lost: ids.size - (await countFound(site.admin, ids)),
    };
  } finally {
    await ended();
    rmSync(folder, { recursive: true, force: true });
  }
}

function usEach(seconds: number, events: number): number {
  return (seconds * 1e6) / events;
}

function startAll({ forwarders, folder, system, core }: DrainInput, a8Port: number) {
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, system.key);
  return Promise.all(
    Array.from({ length: forwarders }, (_, index) => {
      const label = labelOf(index);
      return startForwarder({ ...{ label, outbox: join(folder, label), keyFile, a8Port, core } });
    }),
  );
}

async function fill(input: DrainInput, forwarders: readonly StartedForwarder[], file: string): Promise<void> {
  await runJob(
    {
      target: { protocol: 'event', ports: forwarders.map(({ port }) => port) },
      ...{ concurrency: 16 * forwarders.length, events: input.backlog * forwarders.length },
      ...{ warmMs: 0, measureMs: LONGEST_MS / 3, pids: [], acknowledgedFile: file },
    },
    'any',
  );
}

async function everyQueueEmpty(forwarders: readonly StartedForwarder[]): Promise<boolean> {
  for (const { opsPort } of forwarders) {
    const status = await (await fetch(`http://127.0.0.1:${opsPort}/status`)).json();
    if ((status as { queue: { depth: number } }).queue.depth > 0) return false;
  }
  return true;
}

async function liveOf(site: Site, { ids, dueMs }: DueTimes, window: CommitWindow): Promise<Drained['live']> {
  const during = dueMs.flatMap((ms, index) => (ms >= window.fromMs && ms <= window.toMs ? [index] : []));
  const tookMs = await committedAfter(site, {
    ids: during.map((index) => ids[index] ?? ''),
    dueMs: during.map((index) => dueMs[index] ?? Number.NaN),
  });
  return {
    events: tookMs.length,
    p50Ms: quantileOfSorted(tookMs, 0.5),
    p95Ms: quantileOfSorted(tookMs, 0.95),
    maxMs: tookMs.at(-1) ?? Number.NaN,
  };
}
