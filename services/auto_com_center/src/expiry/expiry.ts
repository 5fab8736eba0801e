import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import type { HubMetrics } from '../ingest/ingest-metrics.ts';
import { deleteExpired, EXPIRING_TABLES, type ExpiringTable, type Retention } from './expired-rows.ts';

export type ExpiryOptions = {
  pool: Pool;
  retention: Retention;
  /** Whether there are tables to look into. */
  isReady: () => boolean;
  metrics: HubMetrics;
  clock: Clock;
  log: Logger;
  intervalMs: number;
  /** Rows of one transaction. */
  batchRows?: number;
  /** Transactions of one table in one look; what is left then waits for the next. */
  batches?: number;
};

export type ExpiryRun = 'done' | 'elsewhere' | 'failed';

/** Between two batches, so that writers of events have the disk to themselves most of the time. */
const PAUSE_MS = 100;

/**
 * Deletes what has expired, in the background and in small steps. Two replicas take turns: one of them at a time. Nothing
 * depends on it; when it fails, the next look does what this one left.
 */
export class Expiry {
  readonly #options: ExpiryOptions;
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: ExpiryOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#keep();
  }

  /** Resolves when the batch under way has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #keep(): Promise<void> {
    const { clock, intervalMs, isReady } = this.#options;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(intervalMs, this.#stop.signal);
      if (!this.#stop.signal.aborted && isReady()) await this.look();
    }
  }

  /** One look over every table. Never rejects. */
  async look(): Promise<ExpiryRun> {
    const run = await this.#expireAll();
    this.#options.metrics.counter('a8_expiry_runs_total').labels({ result: run }).inc();
    return run;
  }

  async #expireAll(): Promise<ExpiryRun> {
    try {
      for (const table of EXPIRING_TABLES) {
        if ((await this.#expire(table)) === 'elsewhere') return 'elsewhere';
      }
      this.#isFailing = false;
      return 'done';
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Once for each trouble, not once for each look: the next one does the same work.
      if (!this.#isFailing) this.#options.log.warn({ reason }, 'expired rows could not be deleted');
      this.#isFailing = true;
      return 'failed';
    }
  }

  async #expire(table: ExpiringTable): Promise<'elsewhere' | undefined> {
    const { pool, retention, metrics, clock, batchRows = 500, batches = 200 } = this.#options;
    for (let batch = 0; batch < batches && !this.#stop.signal.aborted; batch += 1) {
      const deleted = await deleteExpired(pool, { table, retention, limit: batchRows });
      if (deleted === 'elsewhere') return 'elsewhere';
      metrics.counter('a8_expired_rows_total').labels({ table }).inc(deleted);
      if (deleted < batchRows) return undefined;
      await clock.sleep(PAUSE_MS, this.#stop.signal);
    }
    return undefined;
  }
}
