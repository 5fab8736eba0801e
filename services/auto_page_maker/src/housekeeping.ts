import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import { deleteSimulatedLeads } from './leads/lead-store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Every hour: removes leads of canaries and simulations that are a day old. */
export function createHousekeeping(deps: { pool: Pool; clock: Clock; log: Logger; random: () => number }): {
  start(): void;
  stop(): Promise<void>;
} {
  const { pool, clock, log } = deps;
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await deleteSimulatedLeads(pool, new Date(clock.now() - DAY));
      } catch (err) {
        log.warn({ err }, 'housekeeping failed; it runs again in an hour');
      }
      await clock.sleep(HOUR * (0.5 + deps.random()), stopping.signal);
    }
  }

  return {
    start() {
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
