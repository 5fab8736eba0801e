import { randomUUID } from 'node:crypto';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { PoolClient } from 'pg';
import type { EmailVault } from '../email/email-vault.ts';
import { isLeaving } from './leaving.ts';
import { findUserId, insertUser, type Role } from './user-store.ts';

export type NewAccount = {
  email: string;
  passwordHash: string | null;
  roles: Role[];
  /** Route that made the account: the event's `source`. */
  origin: '/signup' | '/internal/users' | '/operations/staff';
  details: string;
  /** A valid x-scholar-canary token of the request; makes account and event simulated. */
  canaryToken: string | undefined;
};

/** `leaving`: the account that is there is being erased, and its id will be nobody's. */
export type CreateUser = (
  vault: EmailVault,
  account: NewAccount,
) => Promise<{ userId: string; created: boolean; leaving: boolean }>;

/**
 * Makes an account and its NewUser event in one transaction. Of any number of parallel calls with one address
 * exactly one creates; the others learn the id of the account that is there.
 */
export function createUserCreator(
  deps: Pick<ServiceDeps, 'record' | 'withTransaction'> & {
    /** Called in the transaction that made an account for somebody who typed the address. */
    welcome: (tx: PoolClient, userId: string) => Promise<void>;
    onCreated: (origin: NewAccount['origin'], canary: boolean) => void;
  },
): CreateUser {
  return async (vault, account) => {
    const canary = account.canaryToken !== undefined;
    const outcome = await deps.withTransaction(async (tx) => {
      const userId = randomUUID();
      const emailHash = vault.hash(account.email);
      const created = await insertUser(tx, {
        userId,
        emailHash,
        emailKey: vault.keyFingerprint,
        emailSealed: vault.seal(account.email, userId),
        passwordHash: account.passwordHash,
        roles: account.roles,
        origin: account.origin,
        simulated: canary,
      });
      if (!created) return { ...(await existing(tx, emailHash)), created };
      await deps.record(tx, {
        eventType: 'NewUser',
        actorId: userId,
        source: account.origin,
        payload: { details: account.details, email_hash: emailHash },
        ...(account.canaryToken === undefined ? {} : { canaryToken: account.canaryToken }),
      });
      // Nobody reads a canary's mail, and who left an address as a lead did not ask for an account.
      if (!canary && account.origin === '/signup') await deps.welcome(tx, userId);
      return { userId, created, leaving: false };
    });
    if (outcome.created) deps.onCreated(account.origin, canary);
    return outcome;
  };
}

async function existing(tx: PoolClient, emailHash: string): Promise<{ userId: string; leaving: boolean }> {
  const userId = await findUserId(tx, emailHash);
  // Only when the account was deleted between two statements of this transaction; the caller may simply try again.
  if (!userId) throw new Error('the account with this address was deleted at this very moment; try again');
  return { userId, leaving: await isLeaving(tx, userId) };
}
