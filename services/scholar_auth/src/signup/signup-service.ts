import type { Pool } from 'pg';
import type { EmailVault } from '../email/email-vault.ts';
import type { RequestMail } from '../mail/mail-requests.ts';
import type { PasswordHasher } from '../password/hasher.ts';
import type { CreateUser } from '../users/create-user.ts';
import { findCredentials } from '../users/user-store.ts';

export type SignUpOutcome = { kind: 'created'; userId: string } | { kind: 'taken' };

export type SignUp = (
  vault: EmailVault,
  request: {
    email: string;
    password: string;
    role: 'student' | 'provider';
    canaryToken: string | undefined;
    client: string | undefined;
  },
) => Promise<SignUpOutcome>;

/**
 * Makes an account with a password. An account that another service made for this address counts as taken too: whoever
 * types an address here has not shown that it is theirs, so the password that came with it is forgotten. Where mail
 * works, its owner gets a link instead, with which whoever reads that mail chooses a password; the owner of an account
 * with a password is told. Throws TooBusy.
 */
export function createSignUp(deps: {
  pool: Pool;
  hasher: PasswordHasher;
  createUser: CreateUser;
  mailWorks: () => boolean;
  requestMail: RequestMail;
}): SignUp {
  return async (vault, { email, password, role, canaryToken, client }) => {
    const emailHash = vault.hash(email);
    // Saves the hash for the common case; two signups at once are told apart by the insert.
    const existing = await findCredentials(deps.pool, emailHash);
    if (existing) {
      // Beyond the limits no further mail goes out; the answer is the same.
      const purpose = existing.passwordHash === null ? 'password' : 'taken';
      if (deps.mailWorks()) await deps.requestMail({ emailHash, client, purpose });
      return { kind: 'taken' };
    }
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
