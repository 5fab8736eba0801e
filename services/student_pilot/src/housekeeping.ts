import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import { deleteOldRequests } from './matches/match-store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Every hour: removes rows of canaries that are a day old, and all that are older than the retention. */
export function createHousekeeping(deps: {
  pool: Pool;
  clock: Clock;
  log: Logger;
  random: () => number;
  retentionMs: number;
}): { start(): void; stop(): Promise<void> } {
  const { pool, clock, log, random, retentionMs } = deps;
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const now = clock.now();
      await deleteOldRequests(pool, {
        simulated: new Date(now - DAY),
        any: new Date(now - retentionMs),
      }).catch((err: unknown) => log.warn({ err }, 'housekeeping failed; it runs again in an hour'));
      await clock.sleep(HOUR * (0.5 + random()), stopping.signal);
    }
  }

  return {
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
