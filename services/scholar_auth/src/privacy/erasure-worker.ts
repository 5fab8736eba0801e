import { HUB_LABEL } from '@scholar/contract';
import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Pool } from 'pg';
import type { VaultSource } from '../email/vault-source.ts';
import {
  addActors,
  claimDue,
  confirm,
  type DueConfirmation,
  finishConfirmed,
  postpone,
} from './erasure-store.ts';
import { type Parties, type Party, PartyFailed } from './parties.ts';
import { findAccount } from './person-store.ts';

const BATCH = 20;
/** Longer than an attempt can take: a row comes back only when the process that held it is gone. */
const LEASE_MS = 60_000;
const INTERVAL_MS = 5_000;
const BACKOFF = { baseMs: 2_000, capMs: 300_000 };

export type ErasureWorker = PeriodicTask & {
  /** One pass over what is due; how many attempts it made. */
  runOnce(): Promise<number>;
};

/** Asks every party until it has confirmed, for as long as it takes. All state is in the two tables. */
export function createErasureWorker(
  deps: Pick<ServiceDeps, 'withTransaction'> & {
    pool: Pool;
    clock: Clock;
    random: () => number;
    log: Logger;
    vault: VaultSource;
    parties: Parties;
  },
): ErasureWorker {
  const { pool, clock, parties } = deps;

  async function askParty(due: DueConfirmation): Promise<Record<string, number>> {
    if (due.party === HUB_LABEL) {
      for (const actor of [due.userId, ...due.actors]) await parties.bury(actor);
      return {};
    }
    const party = due.party as Party;
    const account = await findAccount(pool, deps.vault(), due.userId);
    const person = { userId: due.userId, email: account?.email };
    await addActors(pool, due, (await parties.find(party, person)).actors);
    return parties.erase(party, person);
  }

  async function attempt(due: DueConfirmation): Promise<void> {
    try {
      const erased = await askParty(due);
      await confirm(pool, { ...due, at: new Date(clock.now()), erased });
    } catch (error) {
      if (!(error instanceof PartyFailed)) throw error;
      const waitMs = fullJitter({ attempt: due.attempts - 1, random: deps.random, ...BACKOFF });
      await postpone(pool, { ...due, until: new Date(clock.now() + waitMs), problem: error.code });
    }
  }

  async function runOnce(): Promise<number> {
    const now = clock.now();
    const leaseUntil = new Date(now + LEASE_MS);
    const due = await claimDue(pool, { now: new Date(now), leaseUntil, limit: BATCH });
    const attempts = await Promise.allSettled(due.map(attempt));
    await deps.withTransaction((tx) => finishConfirmed(tx, new Date(clock.now())));
    const failed = attempts.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    return due.length;
  }

  const task = createPeriodicTask({
    ...deps,
    name: 'the work on erasures',
    meanwhile: 'people who asked to be erased wait',
    intervalMs: INTERVAL_MS,
    run: runOnce,
  });
  return { ...task, runOnce };
}
