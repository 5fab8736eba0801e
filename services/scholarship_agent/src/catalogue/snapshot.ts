import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { FetchPage } from './catalogue-api.ts';
import type { Scholarship } from './scholarship.ts';

/** 1,000 pages of 200: a walk that does not end is a fault of the cursor, not a catalogue. */
const MAX_PAGES = 1_000;
const RETRY = { baseMs: 500, capMs: 10_000 };

export type Snapshot = {
  scholarships: readonly Scholarship[];
  /** `stale`: the last walk failed, so scholarship_api may know better by now. */
  state: 'current' | 'stale';
};

export interface CatalogueSnapshot {
  /** The last whole catalogue that was read; undefined before the first. */
  current(): Snapshot | undefined;
  start(): void;
  stop(): Promise<void>;
}

export type SnapshotDeps = {
  fetchPage: FetchPage;
  clock: Clock;
  random: () => number;
  log: Logger;
  intervalMs: number;
  onResult?: (result: 'refreshed' | 'failed', size: number) => void;
};

/**
 * The catalogue in memory, walked anew in the background. No request waits for scholarship_api: it is matched against
 * the last whole walk, however old, and a walk that fails half-way changes nothing.
 */
export function createCatalogueSnapshot(deps: SnapshotDeps): CatalogueSnapshot {
  const { clock, log, random, intervalMs } = deps;
  const stopping = new AbortController();
  let scholarships: readonly Scholarship[] | undefined;
  let failures = 0;
  let loop: Promise<void> | undefined;

  async function pass(): Promise<void> {
    try {
      scholarships = await readAll(deps.fetchPage, stopping.signal);
      if (failures > 0) log.info({ count: scholarships.length }, 'the catalogue is fresh again');
      failures = 0;
      deps.onResult?.('refreshed', scholarships.length);
    } catch (err) {
      if (stopping.signal.aborted) return;
      if (failures === 0) log.warn({ err }, 'the catalogue could not be read; the last copy is used');
      failures += 1;
      deps.onResult?.('failed', scholarships?.length ?? 0);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pass();
      // Half to one and a half of the interval: replicas that started together drift apart.
      const regular = intervalMs * (0.5 + random());
      const retry = 50 + fullJitter({ attempt: failures - 1, random, ...RETRY });
      await clock.sleep(failures === 0 ? regular : Math.min(regular, retry), stopping.signal);
    }
  }

  return {
    current: () => scholarships && { scholarships, state: failures === 0 ? 'current' : 'stale' },
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

async function readAll(fetchPage: FetchPage, signal: AbortSignal): Promise<Scholarship[]> {
  // By id: a row may move from one page to the next while we walk, and come twice.
  const all = new Map<string, Scholarship>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const next = await fetchPage(cursor, signal);
    for (const scholarship of next.scholarships) all.set(scholarship.id, scholarship);
    if (next.nextCursor === undefined) return [...all.values()];
    cursor = next.nextCursor;
  }
  throw new Error(`scholarship_api's catalogue did not end after ${MAX_PAGES} pages; the last copy is kept`);
}
