import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import type { HubMetrics } from '../ingest/ingest-metrics.ts';
import { deleteExpired, EXPIRING_TABLES, type ExpiringTable, type Retention } from './expired-rows.ts';

export type ExpiryOptions = {
  pool: Pool;
  retention: Retention;
  metrics: HubMetrics;
  clock: Clock;
  /** Rows of one transaction. */
  batchRows?: number;
  /** Transactions of one table in one look; what is left then waits for the next. */
  batches?: number;
};

/** Between two batches, so that writers of events have the disk to themselves most of the time. */
const PAUSE_MS = 100;

/**
 * Looks for expired rows on its own, in the background and in small steps. Nothing depends on it: when a look fails, the
 * next one does what was left.
 */
export function createExpiry(
  options: ExpiryOptions & {
    /** Whether there are tables to look into. */
    isReady: () => boolean;
    intervalMs: number;
    random: () => number;
    log: Logger;
  },
): PeriodicTask {
  const { isReady, metrics } = options;
  const count = (result: 'done' | 'elsewhere' | 'failed'): void =>
    metrics.counter('a8_expiry_runs_total').labels({ result }).inc();
  return createPeriodicTask({
    ...options,
    name: 'the removal of expired rows',
    meanwhile: 'they stay a little longer',
    onFailure: () => count('failed'),
    run: async (signal) => {
      if (isReady()) count(await expireRows(options, signal));
    },
  });
}

/**
 * One look over every table.
 * @returns `elsewhere` where another replica is at it; then this one leaves it to that.
 * @throws whatever pg throws; what was deleted until then stays deleted.
 */
export async function expireRows(options: ExpiryOptions, signal: AbortSignal): Promise<'done' | 'elsewhere'> {
  for (const table of EXPIRING_TABLES) {
    if ((await expireTable(table, options, signal)) === 'elsewhere') return 'elsewhere';
  }
  return 'done';
}

async function expireTable(
  table: ExpiringTable,
  { pool, retention, metrics, clock, batchRows = 500, batches = 200 }: ExpiryOptions,
  signal: AbortSignal,
): Promise<'elsewhere' | undefined> {
  for (let batch = 0; batch < batches && !signal.aborted; batch += 1) {
    const deleted = await deleteExpired(pool, { table, retention, limit: batchRows });
    if (deleted === 'elsewhere') return 'elsewhere';
    metrics.counter('a8_expired_rows_total').labels({ table }).inc(deleted);
    if (deleted < batchRows) return undefined;
    await clock.sleep(PAUSE_MS, signal);
  }
  return undefined;
}
