import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelOf } from '../event.ts';
import { startBuiltHub } from '../ingest/servers.ts';
import { startForwarder } from '../start-forwarder.ts';
import { startSystem } from '../system.ts';
import { measurePass, type Pass } from './passes.ts';
import type { Subject } from './round.ts';

/** The numbers of a run; milliseconds. */
export type Sizes = {
  passes: number;
  warmMs: number;
  measureMs: number;
  probeMs: number;
  perSecond: number;
  scrapeEveryMs: number;
};

export const FULL: Sizes = {
  ...{ passes: 7, warmMs: 2_000, measureMs: 10_000, probeMs: 500, perSecond: 1_000, scrapeEveryMs: 1_000 },
};

/** `SHORT=1`: that everything works. Its figures mean nothing. */
export const SHORT: Sizes = {
  ...{ passes: 1, warmMs: 1_500, measureMs: 4_000, probeMs: 200, perSecond: 100, scrapeEveryMs: 250 },
};

/** A real PostgreSQL, an A8 and a forwarder before it, as their images run them; then pass after pass. */
export async function runSeen(o: {
  sizes: Sizes;
  parent: string;
  say: (text: string) => void;
}): Promise<{ passes: Pass[]; postgres: string }> {
  const { sizes, parent, say } = o;
  const system = await startSystem(['empty'], 1, { startHub: startBuiltHub(), parent });
  const undo: (() => Promise<unknown>)[] = [() => system.stop()];
  try {
    const site = system.sites.get('empty');
    const [replica] = site?.replicas ?? [];
    if (site === undefined || replica === undefined) throw new Error('there is no A8');
    const folder = join(parent, 'forwarder');
    mkdirSync(folder, { recursive: true });
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, system.key);
    const a8Port = Number(new URL(replica.origin).port);
    const outbox = join(folder, 'outbox');
    const started = await startForwarder({ ...{ label: labelOf(0), outbox, keyFile, a8Port }, core: 'any' });
    undo.push(() => started.kill());
    const a8: Subject = {
      ...{ name: 'a8', pid: replica.pid, metricsUrl: `${replica.ops}/metrics` },
      target: { protocol: 'hub', ports: [a8Port], senders: 7, key: system.key },
    };
    const forwarder: Subject = {
      ...{ name: 'forwarder', pid: started.pid, metricsUrl: `http://127.0.0.1:${started.opsPort}/metrics` },
      target: { protocol: 'event', ports: [started.port] },
    };
    const passes: Pass[] = [];
    for (let turn = 1; turn <= sizes.passes; turn += 1) {
      say(`pass ${turn} of ${sizes.passes}`);
      const plan = { ...sizes, subjects: { a8, forwarder }, site, folder: parent, say };
      passes.push(await measurePass({ ...plan, scrapedFirst: turn % 2 === 0 }));
    }
    return { passes, postgres: system.postgres.version };
  } finally {
    for (const step of undo.reverse()) await step();
  }
}
