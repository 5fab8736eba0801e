import { HUB_LABEL } from '@scholar/contract';
import { createPeriodicTask, DAY_MS, type PeriodicTask } from '@scholar/runtime/background';
import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import { askForwarders, type ForwarderState } from '@scholar/runtime/personal-data';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Pool } from 'pg';
import type { VaultSource } from '../email/vault-source.ts';
import { addActors, claimDue, confirm, type DueConfirmation, postpone } from './erasure-store.ts';
import {
  claimDueForwarders,
  type DueForwarders,
  eraseAccounts,
  finishConfirmed,
  noteForwarders,
  postponeForwarders,
} from './forwarder-store.ts';
import { type Parties, type Party, PartyFailed } from './parties.ts';
import { findAccount } from './person-store.ts';
import { type Overdue, overdueRequests } from './status-store.ts';

const BATCH = 20;
/** Longer than an attempt can take: a row comes back only when the process that held it is gone. */
const LEASE_MS = 60_000;
const INTERVAL_MS = 5_000;
const BACKOFF = { baseMs: 2_000, capMs: 300_000 };
/** A request that is open for longer is a finding. */
const OVERDUE_MS = DAY_MS;

export type ErasureWorker = PeriodicTask & {
  /** One pass over what is due; how many attempts it made. */
  runOnce(): Promise<number>;
  /** Requests that have been open for long, and for whom they wait. */
  findings(): string[];
};

/**
 * Asks every party until it has confirmed, and then the forwarders of each, for as long as it takes. All state is in
 * three tables.
 */
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
  let overdue: Overdue[] = [];

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

  const later = ({ attempts }: { attempts: number }) =>
    new Date(clock.now() + fullJitter({ attempt: attempts - 1, random: deps.random, ...BACKOFF }));

  async function attempt(due: DueConfirmation): Promise<void> {
    try {
      const erased = await askParty(due);
      await confirm(pool, { ...due, at: new Date(clock.now()), erased });
    } catch (error) {
      if (!(error instanceof PartyFailed)) throw error;
      await postpone(pool, { ...due, until: later(due), problem: error.code });
    }
  }

  async function attemptForwarders(due: DueForwarders): Promise<void> {
    const { party, actors } = due;
    try {
      const state =
        party === 'scholar_auth'
          ? await deps.withTransaction((tx) => askForwarders(tx, actors))
          : await parties.forwarders(party, actors);
      const confirmedAt = state.waiting === 0 && state.events === 0 ? new Date(clock.now()) : null;
      await noteForwarders(pool, {
        ...due,
        state,
        confirmedAt,
        until: later(due),
        problem: problemOf(state),
      });
    } catch (error) {
      if (!(error instanceof PartyFailed)) throw error;
      await postponeForwarders(pool, { ...due, until: later(due), problem: error.code });
    }
  }

  async function runOnce(): Promise<number> {
    const now = clock.now();
    const of = { now: new Date(now), leaseUntil: new Date(now + LEASE_MS), limit: BATCH };
    const [due, forwarders] = [await claimDue(pool, of), await claimDueForwarders(pool, of)];
    const attempts = await Promise.allSettled([...due.map(attempt), ...forwarders.map(attemptForwarders)]);
    const at = new Date(clock.now());
    await deps.withTransaction((tx) => eraseAccounts(tx, at));
    await deps.withTransaction((tx) => finishConfirmed(tx, at));
    overdue = await overdueRequests(pool, new Date(now - OVERDUE_MS));
    const failed = attempts.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    return attempts.length;
  }

  const task = createPeriodicTask({
    ...deps,
    name: 'the work on erasures',
    meanwhile: 'people who asked to be erased wait',
    intervalMs: INTERVAL_MS,
    run: runOnce,
  });
  return {
    ...task,
    runOnce,
    findings: () =>
      overdue.map(
        ({ requestedAt, waits }) =>
          `who asked to be erased on ${requestedAt.toISOString()} waits for: ${waits.join(', ')}`,
      ),
  };
}

/** Short, and of nobody: it is kept in a column and shown. */
function problemOf({ waiting, away, quarantined, events }: ForwarderState): string | null {
  if (events > 0) return 'events_waiting';
  if (waiting === 0) return null;
  if (quarantined > 0) return 'files_quarantined';
  return away > 0 ? 'forwarder_away' : 'forwarder_waiting';
}
