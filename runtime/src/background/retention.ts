import pg from 'pg';
import { createPeriodicTask, type PeriodicTask, type PeriodicTaskOptions } from './periodic-task.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export type RetentionOptions = Pick<PeriodicTaskOptions, 'clock' | 'random' | 'log'> & {
  pool: pg.Pool;
  /** A table with the columns `simulated` and `created_at`. A constant, never anything from outside. */
  table: string;
  /** How old a row becomes, ms; for ever without it. */
  retentionMs?: number;
};

/** Every hour: removes the rows of canaries and simulations that are a day old, and all that are past the retention. */
export function createRetention(options: RetentionOptions): PeriodicTask {
  const { pool, table, retentionMs, clock } = options;
  // Nothing is older than NULL.
  const statement = `DELETE FROM ${pg.escapeIdentifier(table)} WHERE (simulated AND created_at < $1) OR created_at < $2`;
  return createPeriodicTask({
    ...options,
    name: `the removal of old rows of ${table}`,
    meanwhile: 'they stay a little longer',
    intervalMs: HOUR_MS,
    run() {
      const now = clock.now();
      const oldest = retentionMs === undefined ? null : new Date(now - retentionMs);
      return pool.query(statement, [new Date(now - DAY_MS), oldest]);
    },
  });
}
