import {
  createPeriodicTask,
  HOUR_MS,
  type PeriodicTask,
  type PeriodicTaskOptions,
} from '@scholar/runtime/background';
import type { Pool, PoolClient } from 'pg';
import { loadSamples } from './load-samples.ts';
import { renewSamples } from './renew-samples.ts';

/**
 * Fills an empty catalogue with samples once, in the background: a database that goes away in the middle delays them and does
 * not fail the start. From then on each sample that is over is renewed, within one and a half hours.
 */
export function createSampleLoader(
  deps: Pick<PeriodicTaskOptions, 'clock' | 'random' | 'log'> & {
    pool: Pool;
    withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  },
): PeriodicTask {
  let looked = false;

  async function loadOnce(): Promise<void> {
    if (looked) return;
    const count = await deps.withTransaction((tx) => loadSamples(tx, deps.clock.now()));
    // Only once: somebody who empties the catalogue wants it so.
    looked = true;
    if (count > 0) deps.log.info({ count }, 'the empty catalogue was filled with sample scholarships');
  }

  return createPeriodicTask({
    ...deps,
    name: 'the care of sample scholarships',
    meanwhile: 'the catalogue works without them',
    intervalMs: HOUR_MS,
    async run() {
      await loadOnce();
      await renewSamples(deps.pool);
    },
  });
}
