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
  const stopping = new AbortController();
  const state: State = { missing: 'the schema was not migrated yet' };
  let loop: Promise<void> | undefined;
  return {
    start() {
      loop ??= run(options, state, stopping.signal).catch((error: unknown) => {
        state.missing = error instanceof Error ? error.message : String(error);
        if (error instanceof SchemaTooNew) options.onTooNew(error);
        else options.log.error({ err: error }, 'background work could not be started');
      });
    },
    async stop() {
      stopping.abort();
      await loop;
    },
    assertReady() {
      if (state.missing !== undefined) throw new Error(state.missing);
    },
  };
}

type State = { missing: string | undefined };

async function run(options: SchemaOptions, state: State, stopping: AbortSignal): Promise<void> {
  const { log, clock, random } = options;
  for (let attempt = 0; !stopping.aborted; attempt += 1) {
    const failure = await tryOnce(options);
    if (failure === undefined) {
      state.missing = undefined;
      if (attempt > 0) log.info({ attempts: attempt + 1 }, 'the schema is migrated');
      if (!stopping.aborted) await options.onReady();
      return;
    }
    state.missing = failure instanceof Error ? failure.message : String(failure);
    const why = isUnavailable(failure) ? 'the database is not available' : 'a migration failed';
    // One line per outage; /ready tells the rest.
    if (attempt === 0) log.warn({ err: failure }, `${why}; it is tried again until it works`);
    await clock.sleep(fullJitter({ attempt, random, ...RETRY }) + 50, stopping);
  }
}

/** @returns what went wrong. @throws SchemaTooNew, which no repetition heals. */
async function tryOnce(options: SchemaOptions): Promise<unknown> {
  try {
    await options.migrate();
    return undefined;
  } catch (error) {
    if (error instanceof SchemaTooNew) throw error;
    return error ?? new Error('the migration failed');
  }
}
