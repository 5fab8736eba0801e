import type { Pool } from 'pg';
import type { EmailVault } from '../email/email-vault.ts';
import type { RequestMail } from '../mail/mail-requests.ts';
import type { PasswordHasher } from '../password/hasher.ts';
import type { IsLeaked } from '../password/leaked-passwords.ts';
import type { SessionService, TokenPair } from '../sessions/session-service.ts';
import { findCredentials, replacePasswordHash } from '../users/user-store.ts';
import type { Admitted, LoginThrottle } from './throttle.ts';

export type LoginOutcome =
  | { kind: 'signed_in'; tokens: TokenPair; passwordLeaked: boolean }
  | { kind: 'invalid_credentials' }
  /** `mailed`: whether the limits let the link to a new one out. */
  | { kind: 'leaked_password'; mailed: Admitted }
  | { kind: 'throttled'; retryAfterS: number };

export type Login = (
  vault: EmailVault,
  request: { email: string; password: string; client: string | undefined },
) => Promise<LoginOutcome>;

/**
 * Signs a user in. An unknown address, an account without a password and a wrong password give one answer after the
 * same work. A right password that is known from leaks opens nothing where mail works and the address was proven: a link
 * to a new one goes to it (OWASP ASVS 2.1.7). Else it signs in, and that it leaked is said: nobody may read the mail of
 * an address that was never proven, and its owner would be kept out for good. Throws TooBusy when too many password
 * checks wait.
 */
export function createLogin(deps: {
  pool: Pool;
  hasher: PasswordHasher;
  sessions: SessionService;
  throttle: LoginThrottle;
  isLeaked: IsLeaked;
  mailWorks: () => boolean;
  requestMail: RequestMail;
}): Login {
  const { pool, hasher, sessions, throttle } = deps;
  return async (vault, { email, password, client }) => {
    const attempt = { emailHash: vault.hash(email), client };
    const admitted = await throttle.admit(attempt);
    if (!admitted.ok) return { kind: 'throttled', retryAfterS: admitted.retryAfterS };

    const user = await findCredentials(pool, attempt.emailHash);
    const { matches, outdated } = await hasher.verify(password, user?.passwordHash);
    if (!user?.passwordHash || !matches) return { kind: 'invalid_credentials' };

    await throttle.succeeded(attempt);
    const passwordLeaked = deps.isLeaked(password);
    if (passwordLeaked && user.emailVerified && deps.mailWorks())
      return { kind: 'leaked_password', mailed: await deps.requestMail({ ...attempt, purpose: 'password' }) };
    let { passwordHash } = user;
    if (outdated) {
      const to = await hasher.hash(password);
      if (await replacePasswordHash(pool, { userId: user.userId, from: passwordHash, to })) passwordHash = to;
    }
    const tokens = await sessions.open({ ...user, passwordHash });
    return tokens ? { kind: 'signed_in', tokens, passwordLeaked } : { kind: 'invalid_credentials' };
  };
}
