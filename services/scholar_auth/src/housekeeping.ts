import { createPeriodicTask, DAY_MS, HOUR_MS, type PeriodicTask } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import { deleteExpiredLinks } from './links/link-store.ts';
import { deleteExpiredAttempts } from './login/throttle-store.ts';
import { deleteOldLetters } from './mail/mailbox.ts';
import { deleteExpiredFamilies } from './sessions/session-store.ts';
import { deleteSimulatedUsers } from './users/user-store.ts';

/** Every hour: removes ended sessions, dead links, old windows of attempts, and mails of the mailbox and accounts of canaries that are a day old. */
export function createHousekeeping(deps: {
  pool: Pool;
  clock: Clock;
  log: Logger;
  random: () => number;
}): PeriodicTask {
  return createPeriodicTask({
    ...deps,
    name: 'housekeeping',
    meanwhile: 'old rows stay a little longer',
    intervalMs: HOUR_MS,
    run: () => removeOld(deps.pool, deps.clock.now()),
  });
}

export async function removeOld(pool: Pool, nowMs: number): Promise<void> {
  await deleteExpiredAttempts(pool, new Date(nowMs));
  // A day later than they end, so that reuse of a late token is still recognised as such.
  await deleteExpiredFamilies(pool, new Date(nowMs - DAY_MS));
  await deleteExpiredLinks(pool, new Date(nowMs));
  await deleteOldLetters(pool, new Date(nowMs - DAY_MS));
  await deleteSimulatedUsers(pool, new Date(nowMs - DAY_MS));
}
