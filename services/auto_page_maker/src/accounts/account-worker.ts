import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import type { AccountLinker, LinkOutcome } from './account-linker.ts';
import { claimDueLinks } from './link-store.ts';

const BATCH = 10;
const ATTEMPT_TIMEOUT_MS = 5_000;
/** Longer than any attempt can take: a link comes back only when the process that held it is gone. */
export const LEASE_MS = 30_000;

export interface AccountWorker {
  start(): void;
  /** Resolves when the attempts under way have ended. */
  stop(): Promise<void>;
  /** One pass over what is due; answers the outcomes. */
  runOnce(): Promise<LinkOutcome[]>;
}

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
  const { pool, linker, clock, log } = deps;
  let stopping = new AbortController();
  let loop: Promise<void> | undefined;
  let databaseFailing = false;

  async function runOnce(): Promise<LinkOutcome[]> {
    const now = clock.now();
    const links = await claimDueLinks(pool, {
      now: new Date(now),
      leaseUntil: new Date(now + LEASE_MS),
      limit: BATCH,
    });
    return Promise.all(links.map((link) => linker.attempt(link, ATTEMPT_TIMEOUT_MS)));
  }

  async function pass(): Promise<boolean> {
    try {
      const outcomes = await runOnce();
      databaseFailing = false;
      return outcomes.length === BATCH;
    } catch (err) {
      // Said once per outage: it heals by itself, and /ready shows the database.
      if (!databaseFailing) log.warn({ err }, 'the account worker cannot reach its table; it will try again');
      databaseFailing = true;
      return false;
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const more = await pass();
      if (!more) await clock.sleep(deps.intervalMs * (0.5 + deps.random()), signal);
    }
  }

  return {
    start() {
      stopping = new AbortController();
      loop = run(stopping.signal);
    },
    async stop() {
      stopping.abort();
      await loop;
    },
    runOnce,
  };
}
