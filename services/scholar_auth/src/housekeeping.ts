import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import { deleteExpiredAttempts } from './login/throttle-store.ts';
import { deleteExpiredFamilies } from './sessions/session-store.ts';
import { deleteSimulatedUsers } from './users/user-store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Every hour: removes ended sessions, old windows of attempts, and accounts of canaries that are a day old. */
export function createHousekeeping(deps: { pool: Pool; clock: Clock; log: Logger; random: () => number }): {
  start(): void;
  stop(): Promise<void>;
  runOnce(): Promise<void>;
} {
  const { pool, clock, log } = deps;
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function runOnce(): Promise<void> {
    const now = clock.now();
    await deleteExpiredAttempts(pool, new Date(now));
    // A day later than they end, so that reuse of a late token is still recognised as such.
    await deleteExpiredFamilies(pool, new Date(now - DAY));
    await deleteSimulatedUsers(pool, new Date(now - DAY));
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(HOUR * (0.5 + deps.random()), stopping.signal);
      if (stopping.signal.aborted) return;
      await runOnce().catch((err: unknown) =>
        log.warn({ err }, 'housekeeping failed; it runs again in an hour'),
      );
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
    runOnce,
  };
}
