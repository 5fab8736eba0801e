import { createPeriodicTask, NOTHING_YET, type PeriodicTask } from '@scholar/runtime/background';
import type { ReadCatalogue } from '@scholar/runtime/catalogue';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { PoolClient } from 'pg';
import { deleteUnseen, lockRefresh, upsertScholarships } from './catalogue-store.ts';
import { parseCatalogue } from './parse-catalogue.ts';
import type { Scholarship } from './scholarship.ts';

/** Scholarships per statement: some hundred KiB of JSON. */
const BATCH = 500;

/**
 * Keeps our copy of the catalogue fresh: reads the whole, then replaces ours in one transaction. While scholarship_api
 * is away, or one page of it fails, the copy stays as it was.
 */
export function createCatalogueRefresh(deps: {
  readCatalogue: ReadCatalogue;
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
    async run(signal) {
      const scholarships = parseCatalogue(await deps.readCatalogue(signal));
      const seenAt = new Date(deps.clock.now());
      await deps.withTransaction((tx) => replaceAll(tx, scholarships, seenAt));
      deps.onResult('refreshed');
      // A catalogue that was made a moment ago is filled soon.
      return scholarships.length === 0 ? NOTHING_YET : undefined;
    },
    onFailure: () => deps.onResult('failed'),
  });
}

async function replaceAll(tx: PoolClient, scholarships: readonly Scholarship[], seenAt: Date): Promise<void> {
  await lockRefresh(tx);
  for (let from = 0; from < scholarships.length; from += BATCH) {
    await upsertScholarships(tx, scholarships.slice(from, from + BATCH), seenAt);
  }
  await deleteUnseen(tx, seenAt);
}
