import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPool } from '@scholar/runtime/db';
import { freePort } from '@scholar/runtime/testing';
import { runJob } from '../client/run-job.ts';
import type { Part } from '../goal.ts';
import { startBuiltHub } from '../ingest/servers.ts';
import { readIds } from '../read-ids.ts';
import { startForwarder } from '../start-forwarder.ts';
import { digits } from '../statistics.ts';
import { startSystem } from '../system.ts';
import { type Books, verifyPaid } from './books.ts';
import { burst } from './burst.ts';
import type { BurstResult, RateResult } from './result.ts';
import { startRegister } from './start-register.ts';

export type Sizes = {
  rates: readonly number[];
  providers: number;
  connections: number;
  warmMs: number;
  measureMs: number;
  burst: { events: number; connections: number };
};

export const FULL: Sizes = {
  ...{ rates: [25, 50, 100], providers: 20, connections: 64, warmMs: 3_000, measureMs: 20_000 },
  burst: { events: 3_000, connections: 200 },
};

/** `SHORT=1`: that everything works. Its figures mean nothing. */
export const SHORT: Sizes = {
  ...{ rates: [20], providers: 3, connections: 8, warmMs: 500, measureMs: 2_000 },
  burst: { events: 60, connections: 20 },
};

const GOAL_MS = 150;

export type Run = { rates: RateResult[]; burst: BurstResult; goals: Record<string, Part>; postgres: string };

/** A real PostgreSQL, A8, the forwarder of A6 and A6; rate after rate, then a burst in which A6 is killed. */
export async function runWebhook(o: {
  sizes: Sizes;
  parent: string;
  say: (text: string) => void;
}): Promise<Run> {
  const { sizes, parent, say } = o;
  const system = await startSystem(['hub'], 1, { parent, startHub: startBuiltHub() });
  const undo: (() => Promise<unknown>)[] = [() => system.stop()];
  try {
    const hub = system.sites.get('hub');
    const [a8] = hub?.replicas ?? [];
    if (hub === undefined || a8 === undefined) throw new Error('there is no A8');
    await hub.admin.query('CREATE DATABASE register');
    const databaseUrl = Object.assign(new URL(hub.url), { pathname: '/register' }).href;
    const forwarder = await forward({ parent, key: system.key, a8Port: Number(new URL(a8.origin).port) });
    undo.push(() => forwarder.kill());
    const secret = `whsec_${randomBytes(16).toString('hex')}`;
    const [port, opsPort] = [await freePort(), await freePort()];
    const input = { databaseUrl, forwarderPort: forwarder.port, secret, port, opsPort };
    let a6 = await startRegister(input);
    undo.push(() => a6.kill());
    const register = createPool({ url: databaseUrl, max: 2, applicationName: 'bench' });
    undo.push(() => register.end());
    const books: Books = { register, hub: hub.admin };

    const rates: RateResult[] = [];
    for (const perSecond of sizes.rates) {
      rates.push(await measureRate({ perSecond, sizes, pid: a6.pid, port, secret, parent, books }));
      say(`${perSecond} a second: P95 ${rates.at(-1)?.p95Ms} ms`);
    }
    const { ids, seen } = await burst({
      ...{ url: `http://127.0.0.1:${port}/webhooks/stripe`, secret, providers: sizes.providers },
      ...sizes.burst,
      async breakIt() {
        await a6.kill();
        a6 = await startRegister(input);
      },
    });
    await verifyPaid(books, ids);
    say(`a burst of ${seen.events}: ${seen.deliveries} deliveries, all taken in ${seen.tookMs} ms`);
    return { rates, burst: seen, goals: goalsOf(rates), postgres: system.postgres.version };
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

function forward({ parent, key, a8Port }: { parent: string; key: string; a8Port: number }) {
  const folder = join(parent, 'forwarder');
  mkdirSync(folder, { recursive: true });
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, key);
  const outbox = join(folder, 'outbox');
  return startForwarder({ label: 'provider_register', outbox, keyFile, a8Port, core: 'any' });
}

async function measureRate(o: {
  perSecond: number;
  sizes: Sizes;
  pid: number;
  port: number;
  secret: string;
  parent: string;
  books: Books;
}): Promise<RateResult> {
  const { perSecond, sizes, pid, port, secret, parent, books } = o;
  const acknowledgedFile = join(parent, 'acknowledged');
  const measured = await runJob(
    {
      target: { protocol: 'webhook', ports: [port], senders: sizes.providers, key: secret },
      ...{ concurrency: sizes.connections, perSecond, pace: 'timer', acknowledgedFile, pids: [pid] },
      ...{ warmMs: sizes.warmMs, measureMs: sizes.measureMs },
    },
    'any',
  );
  await verifyPaid(books, [...readIds(acknowledgedFile)]);
  return {
    ...{ perSecond, answered: measured.acknowledged, waited: measured.waited },
    ...{ p50Ms: digits(measured.p50Ms), p95Ms: digits(measured.p95Ms), p99Ms: digits(measured.p99Ms) },
    ...{ maxMs: digits(measured.maxMs), foreignCpu: digits(measured.foreignCpu) },
    cpuUs: digits(measured.cpuUsPerSecond / measured.perSecond),
  };
}

function goalsOf(rates: readonly RateResult[]): Record<string, Part> {
  return Object.fromEntries(
    rates.map(({ perSecond, p95Ms }): [string, Part] => [
      `webhook_${perSecond}`,
      {
        what: `P95 of the answer to a webhook at ${perSecond} a second`,
        ...{ value: p95Ms, unit: 'ms', better: 'less', goal: GOAL_MS },
      },
    ]),
  );
}
