import type { Pool } from 'pg';
import type { EmailVault } from '../email/email-vault.ts';
import type { PasswordHasher } from '../password/hasher.ts';
import type { CreateUser } from '../users/create-user.ts';
import { findUserId } from '../users/user-store.ts';

export type SignUpOutcome = { kind: 'created'; userId: string } | { kind: 'taken' };

export type SignUp = (
  vault: EmailVault,
  request: { email: string; password: string; role: 'student' | 'provider'; canaryToken: string | undefined },
) => Promise<SignUpOutcome>;

/**
 * Makes an account with a password. An account that another service made for this address counts as taken too: whoever
 * types an address here has not shown that it is theirs, so setting the password would hand a stranger's account over.
 * Only a verified e-mail may do that. Throws TooBusy.
 */
export function createSignUp(deps: { pool: Pool; hasher: PasswordHasher; createUser: CreateUser }): SignUp {
  return async (vault, { email, password, role, canaryToken }) => {
    // Saves the hash for the common case; two signups at once are told apart by the insert.
    if (await findUserId(deps.pool, vault.hash(email))) return { kind: 'taken' };
    const { userId, created } = await deps.createUser(vault, {
      email,
      passwordHash: await deps.hasher.hash(password),
      roles: [role],
      origin: '/signup',
      details: 'signed up',
      canaryToken,
    });
    return created ? { kind: 'created', userId } : { kind: 'taken' };
  };
}
