import type { Clock } from '@scholar/runtime/clock';
import type { ServedLabel } from '../audit/remedy.ts';
import { type Claim, claim, type LedgerEntry, type Limits, released, renewed } from './budget.ts';

/** Where entries are kept, one for each app: a Lease of a cluster, a file of this machine. */
export interface LedgerStore {
  read: (label: ServedLabel) => Promise<Stored>;
  /** Replaces exactly what was read. @returns false when somebody else was faster. */
  write: (label: ServedLabel, entry: LedgerEntry, before: Stored) => Promise<boolean>;
}

export interface Stored {
  entry: LedgerEntry;
  /** Opaque; undefined = there was none. */
  version: string | undefined;
}

export interface LedgerDeps {
  store: LedgerStore;
  clock: Pick<Clock, 'now'>;
  /** Unique among all that may repair. */
  holder: string;
  limits: Limits;
  labels: readonly ServedLabel[];
}

/** The one who may repair an app, until it is given back or runs out. */
export interface Held {
  /** 1 for the first repair of this app within the hour. */
  attempt: number;
  /** Called before each change, since an app that takes long to start outlasts a claim. @throws RepairRefused when it was lost. */
  renew: () => Promise<void>;
  /** @param ok whether an event proved the repair; what was not proven makes the next one wait. */
  release: (ok: boolean) => Promise<void>;
}

/** No change was made: somebody else is at it, or it was tried too often. */
export class RepairRefused extends Error {}

/**
 * @param findings codes of what the repair is to end.
 * @throws RepairRefused with the reason, in words for people.
 */
export async function hold(
  deps: LedgerDeps,
  label: ServedLabel,
  findings: readonly string[] = [],
): Promise<Held> {
  const { store, clock, holder, limits } = deps;
  const others = await othersOf(deps, label);
  const before = await store.read(label);
  const claimed = claim(before.entry, { label, holder, nowMs: clock.now(), limits, others, findings });
  if ('refused' in claimed) throw new RepairRefused(claimed.refused);
  await change(deps, label, { before, entry: claimed.entry });
  return {
    attempt: claimed.attempt,
    renew: () => again(deps, label, (entry) => renewed(entry, { label, holder, nowMs: clock.now() })),
    release: (ok) =>
      again(deps, label, (entry) => released(entry, { label, holder, nowMs: clock.now(), ok })),
  };
}

async function othersOf({ store, labels }: LedgerDeps, label: ServedLabel): Promise<LedgerEntry[]> {
  const others = labels.filter((other) => other !== label);
  return Promise.all(others.map(async (other) => (await store.read(other)).entry));
}

async function again(
  deps: LedgerDeps,
  label: ServedLabel,
  next: (entry: LedgerEntry) => Claim,
): Promise<void> {
  const before = await deps.store.read(label);
  const claimed = next(before.entry);
  if ('refused' in claimed) throw new RepairRefused(claimed.refused);
  await change(deps, label, { before, entry: claimed.entry });
}

async function change(
  { store }: LedgerDeps,
  label: ServedLabel,
  { before, entry }: { before: Stored; entry: LedgerEntry },
): Promise<void> {
  if (await store.write(label, entry, before)) return;
  throw new RepairRefused(`somebody else has just begun to repair ${label}`);
}
