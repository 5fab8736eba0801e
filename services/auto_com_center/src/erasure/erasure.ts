import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import type { HubMetrics } from '../ingest/ingest-metrics.ts';
import type { ErasedActors } from './erased-actors.ts';
import { countUnfinished } from './erasures-table.ts';
import { sweepOnce } from './sweep.ts';

export type ErasureOptions = {
  pool: Pool;
  actors: ErasedActors;
  metrics: HubMetrics;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** Whether there are tables to look into. */
  isReady: () => boolean;
};

/** Well below the age at which knowledge of who is erased counts as stale. */
const INTERVAL_MS = 1_000;
/** Rows of one transaction. */
const BATCH_ROWS = 5_000;
/** Transactions of one look; what is left then waits for the next. */
const BATCHES = 200;
/** Between two of them, so that writers of events have the disk to themselves most of the time. */
const PAUSE_MS = 20;

/**
 * Hears of erasures that any replica recorded, and carries out those that are not done, in small steps. A look that fails
 * is repeated; what was erased until then stays so.
 */
export function createErasure(options: ErasureOptions): PeriodicTask {
  const { pool, actors, metrics, clock, isReady } = options;
  const erased = metrics.counter('a8_erased_rows_total').labels({ as: 'swept' });
  return createPeriodicTask({
    ...options,
    name: 'the erasure of actors',
    meanwhile: 'it is late; nothing that was erased comes back',
    intervalMs: INTERVAL_MS,
    run: async (signal) => {
      if (!isReady()) return;
      await actors.refresh();
      const unfinished = await countUnfinished(pool);
      metrics.gauge('a8_erasures_unfinished').set(unfinished);
      for (let batch = 0; unfinished > 0 && batch < BATCHES && !signal.aborted; batch += 1) {
        const swept = await sweepOnce(pool, { limit: BATCH_ROWS });
        erased.inc(swept.erased);
        if (swept.state === 'idle') return;
        await clock.sleep(PAUSE_MS, signal);
      }
    },
  });
}
