import type { Clock } from '@scholar/runtime/clock';
import type { Pool, PoolClient } from 'pg';
import { addressBucket } from '../login/throttle.ts';
import { forgetAttempts } from '../login/throttle-store.ts';
import type { LinkPurpose } from '../mail/letters.ts';
import { queueMail } from '../mail/mail-queue-store.ts';
import type { PasswordHasher } from '../password/hasher.ts';
import { revokeFamiliesOf } from '../sessions/session-store.ts';
import { markVerified, setPassword } from '../users/user-store.ts';
import { linkWorks, takeLink } from './link-store.ts';

export interface AccountLinks {
  /** Whether a link would be taken now; uses nothing up. */
  works(token: string, purpose: LinkPurpose): Promise<boolean>;
  /** Confirms the address of the link's user; false for a dead link. */
  confirm(token: string): Promise<boolean>;
  /**
   * Sets the password of the link's user, which also proves the address, ends every session and the lockout of the
   * address; false for a dead link. It is how the owner takes over an account that a service made, and how one gets
   * back an account that a stranger made with one's address. Throws TooBusy.
   */
  setPassword(token: string, password: string): Promise<boolean>;
}

export function createAccountLinks(deps: {
  pool: Pool;
  clock: Clock;
  hasher: PasswordHasher;
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
}): AccountLinks {
  const { pool, clock, hasher, withTransaction } = deps;
  const works: AccountLinks['works'] = (token, purpose) =>
    linkWorks(pool, { token, purpose, at: new Date(clock.now()) });

  return {
    works,
    confirm: (token) =>
      withTransaction(async (tx) => {
        const at = new Date(clock.now());
        const userId = await takeLink(tx, { token, purpose: 'verify', at });
        if (userId === undefined) return false;
        await markVerified(tx, userId, at);
        return true;
      }),
    async setPassword(token, password) {
      // Before the hash: a guessed token must not cost us one.
      if (!(await works(token, 'password'))) return false;
      const passwordHash = await hasher.hash(password);
      return withTransaction(async (tx) => {
        const at = new Date(clock.now());
        const userId = await takeLink(tx, { token, purpose: 'password', at });
        if (userId === undefined) return false;
        const emailHash = await setPassword(tx, { userId, passwordHash });
        await markVerified(tx, userId, at);
        await revokeFamiliesOf(tx, { userId, reason: 'password', at });
        await forgetAttempts(tx, addressBucket(emailHash));
        await queueMail(tx, { userId, purpose: 'changed', at });
        return true;
      });
    },
  };
}
