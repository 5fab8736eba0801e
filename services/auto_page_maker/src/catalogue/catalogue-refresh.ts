import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { PoolClient } from 'pg';
import { deleteUnseen, lockRefresh, upsertScholarships } from './catalogue-store.ts';
import type { CataloguePage } from './parse-catalogue.ts';
import type { Scholarship } from './scholarship.ts';

/** 2,000 pages of 100: a walk that does not end is a fault of the cursor, not a catalogue. */
const MAX_PAGES = 2_000;
/** Scholarships per statement: some hundred KiB of JSON. */
const BATCH = 500;
const RETRY_MS = 5_000;

/** One page of scholarship_api's catalogue; throws when there is no answer or a wrong one. */
export type FetchCatalogue = (cursor: string | undefined) => Promise<CataloguePage>;

export interface CatalogueRefresh {
  start(): void;
  stop(): Promise<void>;
  /** Reads the whole catalogue, then replaces ours in one transaction. Throws and changes nothing when a page fails. */
  runOnce(): Promise<number>;
}

/** Keeps our copy of the catalogue fresh; while scholarship_api is away the copy stays as it was. */
export function createCatalogueRefresh(deps: {
  fetchPage: FetchCatalogue;
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  clock: Clock;
  random: () => number;
  log: Logger;
  intervalMs: number;
  onResult?: (result: 'refreshed' | 'failed') => void;
}): CatalogueRefresh {
  const { clock, log } = deps;
  let stopping = new AbortController();
  let loop: Promise<void> | undefined;
  let failing = false;

  async function readAll(): Promise<Scholarship[]> {
    // By id: a row may move from one page to the next while we walk, and come twice.
    const all = new Map<string, Scholarship>();
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const next = await deps.fetchPage(cursor);
      for (const scholarship of next.scholarships) all.set(scholarship.scholarshipId, scholarship);
      if (next.nextCursor === undefined) return [...all.values()];
      cursor = next.nextCursor;
    }
    throw new Error(`scholarship_api's catalogue did not end after ${MAX_PAGES} pages; ours stays as it was`);
  }

  async function runOnce(): Promise<number> {
    const scholarships = await readAll();
    const seenAt = new Date(clock.now());
    await deps.withTransaction(async (tx) => {
      await lockRefresh(tx);
      for (let from = 0; from < scholarships.length; from += BATCH) {
        await upsertScholarships(tx, scholarships.slice(from, from + BATCH), seenAt);
      }
      await deleteUnseen(tx, seenAt);
    });
    return scholarships.length;
  }

  async function pass(): Promise<boolean> {
    try {
      const count = await runOnce();
      if (failing) log.info({ count }, 'the catalogue is fresh again');
      failing = false;
      deps.onResult?.('refreshed');
      return true;
    } catch (err) {
      if (!failing) log.warn({ err }, 'the catalogue could not be refreshed; pages show the last copy');
      failing = true;
      deps.onResult?.('failed');
      return false;
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = (await pass()) ? deps.intervalMs : Math.min(RETRY_MS, deps.intervalMs);
      // Half to one and a half of the interval: replicas that started together drift apart.
      await clock.sleep(wait * (0.5 + deps.random()), signal);
    }
  }

  return {
    start() {
      stopping = new AbortController();
      loop = run(stopping.signal);
    },
    async stop() {
      stopping.abort();
      await loop;
    },
    runOnce,
  };
}
