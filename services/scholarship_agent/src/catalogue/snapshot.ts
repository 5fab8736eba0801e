import { setImmediate } from 'node:timers/promises';
import { createPeriodicTask, NOTHING_YET, type PeriodicTask } from '@scholar/runtime/background';
import type { ReadCatalogue } from '@scholar/runtime/catalogue';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import { createMatchIndex, type MatchIndex } from '../matching/match-index.ts';
import { parseScholarships } from './scholarship.ts';

export type Snapshot = {
  index: MatchIndex;
  /** `stale`: the last walk failed, so scholarship_api may know better by now. */
  state: 'current' | 'stale';
};

export type CatalogueSnapshot = PeriodicTask & {
  /** The last whole catalogue that was read; undefined before the first. */
  current(): Snapshot | undefined;
};

export type SnapshotDeps = {
  readCatalogue: ReadCatalogue;
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
      const scholarships = await parseScholarships(await deps.readCatalogue(signal), setImmediate);
      snapshot = { index: await createMatchIndex(scholarships, setImmediate), state: 'current' };
      deps.onResult?.('refreshed', scholarships.length);
      // A catalogue that was made a moment ago is filled soon.
      return scholarships.length === 0 ? NOTHING_YET : undefined;
    },
    onFailure() {
      if (snapshot) snapshot = { ...snapshot, state: 'stale' };
      deps.onResult?.('failed', snapshot?.index.rows.length ?? 0);
    },
  });
  return { ...task, current: () => snapshot };
}
