import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import { migrate, SchemaTooNew } from '@scholar/runtime/db';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';

export type SchemaKeeperOptions = {
  url: string | undefined;
  dir: string | URL;
  pool: Pool;
  clock: Clock;
  log: Logger;
  random: () => number;
  /** How often a schema that is in place is looked at again, milliseconds. */
  intervalMs: number;
  /** Called when a running process finds the schema too new for its release: it must end, with exit code 57. */
  onTooNew: (error: SchemaTooNew) => void;
};

const TABLES_MISSING =
  'the migrations were applied once, but their tables are gone: restore a backup, or drop the table "migrations" to begin anew.';

/**
 * Sees to it that the tables exist. A database that is away at the start, or comes back empty, is migrated when it
 * answers: the process is up all the time and says so on /ready.
 */
export class SchemaKeeper {
  readonly #options: SchemaKeeperOptions;
  readonly #stop = new AbortController();
  #inPlace = false;
  #problem = 'the schema has not been looked at yet';
  #tooNew: SchemaTooNew | undefined;
  #loop: Promise<void> | undefined;

  constructor(options: SchemaKeeperOptions) {
    this.#options = options;
  }

  get inPlace(): boolean {
    return this.#inPlace;
  }

  /** For /ready. @throws Error saying what keeps the schema from being in place. */
  check(): void {
    if (!this.#inPlace) throw new Error(this.#problem);
  }

  /**
   * Tries once and goes on trying in the background: a database that is away does not prevent the start.
   * @throws SchemaTooNew, which does: a newer release has changed what the tables mean.
   */
  async start(): Promise<void> {
    await this.#look();
    if (this.#tooNew !== undefined) throw this.#tooNew;
    this.#loop = this.#keep();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #keep(): Promise<void> {
    const { clock, intervalMs, random, onTooNew } = this.#options;
    let failures = this.#inPlace ? 0 : 1;
    while (!this.#stop.signal.aborted) {
      const backoff = 100 + fullJitter({ attempt: failures, baseMs: 200, capMs: 2_000, random });
      await clock.sleep(failures === 0 ? intervalMs : backoff, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      await this.#look();
      if (this.#tooNew !== undefined) return onTooNew(this.#tooNew);
      failures = this.#inPlace ? 0 : failures + 1;
    }
  }

  async #look(): Promise<void> {
    const { url, dir, log } = this.#options;
    try {
      if (this.#inPlace && (await this.#tablesExist())) return;
      await migrate({ url, dir, log });
      if (!(await this.#tablesExist())) throw new Error(TABLES_MISSING);
      if (!this.#inPlace) log.info('the database schema is in place');
      this.#inPlace = true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Once for each outage, not once for each try: it heals itself.
      if (this.#inPlace || this.#problem !== message)
        log.warn({ reason: message }, 'the database is not usable');
      this.#inPlace = false;
      this.#problem = message;
      if (error instanceof SchemaTooNew) this.#tooNew = error;
    }
  }

  async #tablesExist(): Promise<boolean> {
    const result = await this.#options.pool.query<{ yes: boolean }>(
      `SELECT to_regclass('events') IS NOT NULL AND to_regclass('sessions') IS NOT NULL AS yes`,
    );
    return result.rows[0]?.yes ?? false;
  }
}
