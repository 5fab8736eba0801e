import { fullJitter } from '../backoff/index.ts';
import type { Clock } from '../clock/index.ts';
import { isUnavailable, SchemaTooNew } from '../db/index.ts';
import type { Logger } from '../log/index.ts';

export type Schema = {
  /** Begins to migrate and returns at once; `onReady` runs when the schema is there. */
  start(): void;
  stop(): Promise<void>;
  /** @throws Error that says what is still missing. */
  assertReady(): void;
};

export type SchemaOptions = {
  /** Applies every folder of migrations. */
  migrate: () => Promise<unknown>;
  onReady: () => Promise<void>;
  /** The database belongs to a newer release: the process must end. */
  onTooNew: (error: SchemaTooNew) => void;
  log: Logger;
  clock: Clock;
  random: () => number;
};

const RETRY = { baseMs: 250, capMs: 5_000 };

/**
 * Migrates for as long as it takes. The process is up meanwhile (/health 200) and says in /ready what it waits for, so
 * a database that starts late, or restarts, causes no crash loop.
 */
export function createSchema(options: SchemaOptions): Schema {
  const { log, clock, random } = options;
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;
  let missing: string | undefined = 'the schema was not migrated yet';

  async function attempt(number: number): Promise<boolean> {
    try {
      await options.migrate();
      missing = undefined;
      return true;
    } catch (error) {
      if (error instanceof SchemaTooNew) throw error;
      missing = error instanceof Error ? error.message : String(error);
      const why = isUnavailable(error) ? 'the database is not available' : 'a migration failed';
      if (number === 0) log.warn({ err: error }, `${why}; it is tried again until it works`);
      return false;
    }
  }

  async function run(): Promise<void> {
    for (let number = 0; !stopping.signal.aborted; number += 1) {
      if (await attempt(number)) {
        if (number > 0) log.info({ attempts: number + 1 }, 'the schema is migrated');
        if (!stopping.signal.aborted) await options.onReady();
        return;
      }
      await clock.sleep(fullJitter({ attempt: number, random, ...RETRY }) + 50, stopping.signal);
    }
  }

  return {
    start() {
      loop ??= run().catch((error: unknown) => {
        missing = error instanceof Error ? error.message : String(error);
        if (error instanceof SchemaTooNew) options.onTooNew(error);
        else log.error({ err: error }, 'background work could not be started');
      });
    },
    async stop() {
      stopping.abort();
      await loop;
    },
    assertReady() {
      if (missing !== undefined) throw new Error(missing);
    },
  };
}
