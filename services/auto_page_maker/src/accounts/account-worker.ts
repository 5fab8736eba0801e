import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import type { AccountLinker, LinkOutcome } from './account-linker.ts';
import { claimDueLinks } from './link-store.ts';

const BATCH = 10;
const ATTEMPT_TIMEOUT_MS = 5_000;
/** Longer than any attempt can take: a link comes back only when the process that held it is gone. */
export const LEASE_MS = 30_000;

export type AccountWorker = PeriodicTask & {
  /** One pass over what is due; answers the outcomes. */
  runOnce(): Promise<LinkOutcome[]>;
};

/**
 * Walks over the leads whose account does not exist yet, for as long as it takes. State lives in user_links alone,
 * so a restart goes on where the last process stopped; several replicas share the work by SKIP LOCKED.
 */
export function createAccountWorker(deps: {
  pool: Pool;
  linker: AccountLinker;
  clock: Clock;
  random: () => number;
  log: Logger;
  intervalMs: number;
}): AccountWorker {
  const { pool, linker, clock } = deps;

  async function runOnce(): Promise<LinkOutcome[]> {
    const now = clock.now();
    const links = await claimDueLinks(pool, {
      now: new Date(now),
      leaseUntil: new Date(now + LEASE_MS),
      limit: BATCH,
    });
    return Promise.all(links.map((link) => linker.attempt(link, ATTEMPT_TIMEOUT_MS)));
  }

  const task = createPeriodicTask({
    ...deps,
    name: 'the work on accounts',
    meanwhile: 'leads wait for theirs',
    async run(signal) {
      // A full batch: there may be more.
      while ((await runOnce()).length === BATCH && !signal.aborted);
    },
  });
  return { ...task, runOnce };
}
