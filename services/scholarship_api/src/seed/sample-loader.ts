import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import { isUnavailable } from '@scholar/runtime/db';
import type { Logger } from '@scholar/runtime/log';
import type { PoolClient } from 'pg';
import { loadSamples } from './load-samples.ts';

/**
 * Loads the sample scholarships once, in the background: a database that goes away in the middle delays them and does
 * not fail the start.
 */
export function createSampleLoader(deps: {
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  clock: Clock;
  random: () => number;
  log: Logger;
}): { start(): void; stop(): Promise<void> } {
  const stopping = new AbortController();
  let work: Promise<void> | undefined;

  async function load(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      try {
        const count = await deps.withTransaction((tx) => loadSamples(tx, deps.clock.now()));
        if (count > 0) deps.log.info({ count }, 'the empty catalogue was filled with sample scholarships');
        return;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        await deps.clock.sleep(
          fullJitter({ attempt, baseMs: 250, capMs: 5_000, random: deps.random }),
          stopping.signal,
        );
      }
    }
  }

  return {
    start() {
      work ??= load().catch((error: unknown) => {
        deps.log.error(
          { err: error },
          'the sample scholarships could not be loaded; the catalogue works without them',
        );
      });
    },
    async stop() {
      stopping.abort();
      await work;
    },
  };
}
