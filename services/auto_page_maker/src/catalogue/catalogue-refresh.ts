import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
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

/** One page of scholarship_api's catalogue; throws when there is no answer or a wrong one. */
export type FetchCatalogue = (cursor: string | undefined) => Promise<CataloguePage>;

/**
 * Keeps our copy of the catalogue fresh: reads the whole, then replaces ours in one transaction. While scholarship_api
 * is away, or one page of it fails, the copy stays as it was.
 */
export function createCatalogueRefresh(deps: {
  fetchPage: FetchCatalogue;
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  clock: Clock;
  random: () => number;
  log: Logger;
  intervalMs: number;
  onResult: (result: 'refreshed' | 'failed') => void;
}): PeriodicTask {
  return createPeriodicTask({
    ...deps,
    name: 'the refresh of the catalogue',
    meanwhile: 'pages show the last copy',
    async run() {
      const scholarships = await readAll(deps.fetchPage);
      const seenAt = new Date(deps.clock.now());
      await deps.withTransaction((tx) => replaceAll(tx, scholarships, seenAt));
      deps.onResult('refreshed');
    },
    onFailure: () => deps.onResult('failed'),
  });
}

async function readAll(fetchPage: FetchCatalogue): Promise<Scholarship[]> {
  // By id: a row may move from one page to the next while we walk, and come twice.
  const all = new Map<string, Scholarship>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const next = await fetchPage(cursor);
    for (const scholarship of next.scholarships) all.set(scholarship.scholarshipId, scholarship);
    if (next.nextCursor === undefined) return [...all.values()];
    cursor = next.nextCursor;
  }
  throw new Error(`scholarship_api's catalogue did not end after ${MAX_PAGES} pages; ours stays as it was`);
}

async function replaceAll(tx: PoolClient, scholarships: readonly Scholarship[], seenAt: Date): Promise<void> {
  await lockRefresh(tx);
  for (let from = 0; from < scholarships.length; from += BATCH) {
    await upsertScholarships(tx, scholarships.slice(from, from + BATCH), seenAt);
  }
  await deleteUnseen(tx, seenAt);
}
