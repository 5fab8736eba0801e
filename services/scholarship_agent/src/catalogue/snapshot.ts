import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { FetchPage } from './catalogue-api.ts';
import type { Scholarship } from './scholarship.ts';

/** 1,000 pages of 200: a walk that does not end is a fault of the cursor, not a catalogue. */
const MAX_PAGES = 1_000;

export type Snapshot = {
  scholarships: readonly Scholarship[];
  /** `stale`: the last walk failed, so scholarship_api may know better by now. */
  state: 'current' | 'stale';
};

export type CatalogueSnapshot = PeriodicTask & {
  /** The last whole catalogue that was read; undefined before the first. */
  current(): Snapshot | undefined;
};

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
  let snapshot: Snapshot | undefined;
  const task = createPeriodicTask({
    ...deps,
    name: 'the reading of the catalogue',
    meanwhile: 'the last copy is used',
    async run(signal) {
      const scholarships = await readAll(deps.fetchPage, signal);
      snapshot = { scholarships, state: 'current' };
      deps.onResult?.('refreshed', scholarships.length);
    },
    onFailure() {
      if (snapshot) snapshot = { ...snapshot, state: 'stale' };
      deps.onResult?.('failed', snapshot?.scholarships.length ?? 0);
    },
  });
  return { ...task, current: () => snapshot };
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
