import { principalOf } from '@scholar/runtime/auth';
import type { Clock } from '@scholar/runtime/clock';
import { type Express, type RequestHandler, validated } from '@scholar/runtime/http';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { givenPasswordSchema, newPasswordSchema } from '../http/credentials-schema.ts';
import { invalidCredentials, tooManyAttempts, whenNotTooBusy } from '../http/problems.ts';
import type { LoginThrottle } from '../login/throttle.ts';
import { queueMail } from '../mail/mail-queue-store.ts';
import { revokeFamiliesOf } from '../sessions/session-store.ts';
import { findCredentialsById, replacePasswordHash } from '../users/user-store.ts';
import type { PasswordHasher } from './hasher.ts';

const changeSchema = z.strictObject({ old_password: givenPasswordSchema, password: newPasswordSchema });

/**
 * POST /password/change {old_password, password}, with the access token of a person: 204, every session ended and the
 * owner told by mail; 401 `invalid_credentials` for a wrong old one, which counts as a failed sign-in; 422, 429.
 */
export function changePasswordRoute(
  app: Express,
  deps: {
    pool: Pool;
    clock: Clock;
    hasher: PasswordHasher;
    throttle: LoginThrottle;
    withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
    onlyPeople: RequestHandler[];
    onQueued: () => void;
  },
): void {
  const { pool, clock, hasher, throttle } = deps;

  app.post('/password/change', ...deps.onlyPeople, async (request, response) => {
    const { old_password: old, password } = validated(changeSchema, request.body);
    const user = await findCredentialsById(pool, principalOf(response)?.subject ?? '');
    if (!user) throw invalidCredentials();
    const attempt = { emailHash: user.emailHash, client: undefined };
    const admitted = await throttle.admit(attempt);
    if (!admitted.ok) throw tooManyAttempts(admitted.retryAfterS);
    const { matches } = await whenNotTooBusy(() => hasher.verify(old, user.passwordHash));
    if (!matches || !user.passwordHash) throw invalidCredentials();
    await throttle.succeeded(attempt);
    const change = { userId: user.userId, from: user.passwordHash, to: await hashed(password) };
    // A password that was changed meanwhile is not the old one any more.
    if (!(await replace(change))) throw invalidCredentials();
    deps.onQueued();
    response.status(204).end();
  });

  const hashed = (password: string) => whenNotTooBusy(() => hasher.hash(password));

  const replace = (change: { userId: string; from: string; to: string }): Promise<boolean> =>
    deps.withTransaction(async (tx) => {
      if (!(await replacePasswordHash(tx, change))) return false;
      const at = new Date(clock.now());
      await revokeFamiliesOf(tx, { userId: change.userId, reason: 'password', at });
      await queueMail(tx, { userId: change.userId, purpose: 'changed', at });
      return true;
    });
}
