import type { Pool } from 'pg';
import type { EmailVault } from '../email/email-vault.ts';
import type { RequestMail } from '../mail/mail-requests.ts';
import type { PasswordHasher } from '../password/hasher.ts';
import type { IsLeaked } from '../password/leaked-passwords.ts';
import type { SessionService, TokenPair } from '../sessions/session-service.ts';
import { findCredentials, replacePasswordHash } from '../users/user-store.ts';
import type { LoginThrottle } from './throttle.ts';

export type LoginOutcome =
  | { kind: 'signed_in'; tokens: TokenPair }
  | { kind: 'invalid_credentials' }
  | { kind: 'leaked_password' }
  | { kind: 'throttled'; retryAfterS: number };

export type Login = (
  vault: EmailVault,
  request: { email: string; password: string; client: string | undefined },
) => Promise<LoginOutcome>;

/**
 * Signs a user in. An unknown address, an account without a password and a wrong password give one answer after the
 * same work. A right password that is known from leaks opens nothing where mail works: a link to a new one goes to the
 * address (OWASP ASVS 2.1.7). Throws TooBusy when too many password checks wait.
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
    if (deps.isLeaked(password) && deps.mailWorks()) {
      // Beyond the limits of mails one was sent a moment ago.
      await deps.requestMail({ ...attempt, purpose: 'password' });
      return { kind: 'leaked_password' };
    }
    let { passwordHash } = user;
    if (outdated) {
      const to = await hasher.hash(password);
      if (await replacePasswordHash(pool, { userId: user.userId, from: passwordHash, to })) passwordHash = to;
    }
    const tokens = await sessions.open({ ...user, passwordHash });
    return tokens ? { kind: 'signed_in', tokens } : { kind: 'invalid_credentials' };
  };
}
