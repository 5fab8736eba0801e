import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';
import { runJob } from '../client/run-job.ts';
import { prepareTable, verifyIds } from '../ingest/table.ts';
import type { Target } from '../job.ts';
import { readIds } from '../read-ids.ts';
import { countRows } from '../rows.ts';
import type { Site } from '../system.ts';
import { type Scrapes, startScraper } from './scraper.ts';

/** Who is loaded, and where its metrics are. */
export type Subject = { name: SubjectName; target: Target; pid: number; metricsUrl: string };
export type SubjectName = 'a8' | 'forwarder';

/** One window of load. Milliseconds, each event from when it was due; CPU in microseconds an event. */
export type Round = {
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  cpuUs: number;
  /** Events that found no free connection when they were due. */
  waited: number;
  foreignCpu: number;
  scrapes?: Scrapes;
};

export type RoundInput = {
  subject: Subject;
  site: Site;
  folder: string;
  /** 0: nobody reads the metrics. */
  scrapeEveryMs: number;
  perSecond: number;
  warmMs: number;
  measureMs: number;
};

const CONNECTIONS = 64;

/**
 * Events at a fixed rate, and meanwhile somebody who reads the metrics, or nobody.
 * @throws Error when an acknowledged event is no row, or a row was not acknowledged
 */
export async function measureRound(input: RoundInput): Promise<Round> {
  const { subject, site, folder, scrapeEveryMs, perSecond, warmMs, measureMs } = input;
  const before = await prepareTable(site, 'empty');
  mkdirSync(folder, { recursive: true });
  const acknowledgedFile = join(folder, 'acknowledged');
  const scraper = scrapeEveryMs > 0 ? startScraper(subject.metricsUrl, scrapeEveryMs) : undefined;
  try {
    const measured = await runJob(
      {
        ...{ target: subject.target, concurrency: CONNECTIONS, perSecond, pace: 'timer' },
        ...{ warmMs, measureMs, pids: [subject.pid], acknowledgedFile },
      },
      'any',
    );
    const ids = readIds(acknowledgedFile);
    // What a forwarder has acknowledged is delivered a little later.
    const arrived = async () => (await countRows(site.admin)) >= ids.size;
    await waitFor(arrived, { timeoutMs: 60_000, what: 'every acknowledged event becoming a row' });
    await verifyIds(site, before, ids);
    if (!(measured.perSecond > 0))
      throw new Error('no event was acknowledged in the window: is the machine this busy?');
    const { p50Ms, p95Ms, p99Ms, maxMs, waited, foreignCpu } = measured;
    return {
      ...{ perSecond: measured.perSecond, p50Ms, p95Ms, p99Ms, maxMs, waited, foreignCpu },
      cpuUs: measured.cpuUsPerSecond / measured.perSecond,
      ...(scraper === undefined ? {} : { scrapes: await scraper.stop() }),
    };
  } finally {
    await scraper?.stop().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}
