import type { Clock } from '@scholar/runtime/clock';
import type { PoolClient } from 'pg';
import type { EmailVault } from '../email/email-vault.ts';
import { queueMail } from '../mail/mail-queue-store.ts';
import { revokeFamiliesOf } from '../sessions/session-store.ts';
import type { CreateUser } from '../users/create-user.ts';
import { forgetUnprovenPassword, grantStaff, withdrawStaff } from '../users/staff-store.ts';

export interface Staff {
  /** Makes the account of this address one of staff, or makes one, and sends its owner the link to a password. */
  admit(vault: EmailVault, email: string): Promise<{ userId: string; created: boolean }>;
  /** Takes the role away and ends every session; false when the user has no such role. */
  dismiss(userId: string): Promise<boolean>;
}

/**
 * How staff comes to be and goes: never by signing up. A password that was chosen by somebody who did not prove the
 * address is forgotten, so that nobody signs up with the address of a colleague and waits for the role. Access tokens
 * that are out keep their roles until they expire.
 */
export function createStaff(deps: {
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  clock: Clock;
  createUser: CreateUser;
  onQueued: () => void;
}): Staff {
  const { withTransaction, clock } = deps;
  return {
    async admit(vault, email) {
      const account = await deps.createUser(vault, {
        email,
        passwordHash: null,
        roles: ['staff'],
        origin: '/operations/staff',
        details: 'made by operations',
        canaryToken: undefined,
      });
      await withTransaction(async (tx) => {
        const at = new Date(clock.now());
        const { userId } = account;
        const proven = await grantStaff(tx, userId);
        if (!proven) {
          await forgetUnprovenPassword(tx, userId);
          await revokeFamiliesOf(tx, { userId, reason: 'everywhere', at });
          await queueMail(tx, { userId, purpose: 'password', at });
        }
      });
      deps.onQueued();
      return account;
    },
    dismiss: (userId) =>
      withTransaction(async (tx) => {
        if (!(await withdrawStaff(tx, userId))) return false;
        await revokeFamiliesOf(tx, { userId, reason: 'everywhere', at: new Date(clock.now()) });
        return true;
      }),
  };
}
