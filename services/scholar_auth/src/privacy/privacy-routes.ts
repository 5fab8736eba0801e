import { principalOf } from '@scholar/runtime/auth';
import type { Clock } from '@scholar/runtime/clock';
import {
  type Express,
  HttpProblem,
  type Request,
  type RequestHandler,
  validated,
} from '@scholar/runtime/http';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { VaultSource } from '../email/vault-source.ts';
import { givenPasswordSchema } from '../http/credentials-schema.ts';
import { invalidCredentials, notConfigured, tooManyAttempts, whenNotTooBusy } from '../http/problems.ts';
import type { LoginThrottle } from '../login/throttle.ts';
import type { PasswordHasher } from '../password/hasher.ts';
import { requestErasure } from './erasure-store.ts';
import { PARTIES, type Parties } from './parties.ts';
import { type Account, findAccount } from './person-store.ts';
import { findStatus } from './status-store.ts';

const passwordSchema = z.strictObject({ password: givenPasswordSchema });

export type PrivacyRouteDeps = Pick<ServiceDeps, 'withTransaction'> & {
  pool: Pool;
  clock: Clock;
  vault: VaultSource;
  hasher: PasswordHasher;
  throttle: LoginThrottle;
  parties: Parties;
  onlyUsers: RequestHandler[];
  /** Longest time, ms, for which a token that we gave stays good. */
  accessTokenTtlMs: number;
};

/**
 * POST /privacy/exports and /privacy/erasures `{password}`, for a user's own data: the session may be somebody else's,
 * the password is not. GET /privacy/erasures/:id, for whoever knows the id: the account is gone by then, and nothing
 * in the answer speaks of a person.
 */
export function privacyRoutes(app: Express, deps: PrivacyRouteDeps): void {
  const { pool, clock } = deps;

  app.post('/privacy/exports', ...deps.onlyUsers, async (request, response) => {
    const account = await ownAccount(request, principalOf(response)?.subject ?? '', deps);
    const answers = await Promise.allSettled(PARTIES.map((party) => deps.parties.find(party, account)));
    const services: Record<string, unknown> = { scholar_auth: { users: [account.told] } };
    const missing: string[] = [];
    for (const [index, party] of PARTIES.entries()) {
      const answer = answers[index];
      if (answer?.status === 'fulfilled') services[party] = answer.value.found;
      else missing.push(party);
    }
    response.set({
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="my-data.json"',
    });
    response.json({ made_at: new Date(clock.now()), complete: missing.length === 0, missing, services });
  });

  app.post('/privacy/erasures', ...deps.onlyUsers, async (request, response) => {
    // Before anything is changed: an erasure that cannot be finished would only lock the account.
    const unset = deps.parties.unset();
    if (unset.length > 0) throw notConfigured(unset.join(', '), 'nobody can be erased; nothing was changed');
    const { userId } = await ownAccount(request, principalOf(response)?.subject ?? '', deps);
    const now = clock.now();
    // Tokens that are out cannot be called back. When the last has run out, nothing new can come after a confirmation.
    const firstAttemptAt = new Date(now + deps.accessTokenTtlMs);
    const request_id = await deps.withTransaction((tx) =>
      requestErasure(tx, { userId, now: new Date(now), firstAttemptAt }),
    );
    response.status(202).set('cache-control', 'no-store').json({ request_id });
  });

  app.get('/privacy/erasures/:id', async (request, response) => {
    const id = z.uuid().safeParse(request.params['id']).data;
    const status = id === undefined ? undefined : await findStatus(pool, id);
    if (!status)
      throw new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no request with this id.' });
    response.set('cache-control', 'no-store').json(status);
  });
}

/** The account of the caller, once its password is right. Wrong ones count like those of a sign-in. */
async function ownAccount(request: Request, userId: string, deps: PrivacyRouteDeps): Promise<Account> {
  const { password } = validated(passwordSchema, request.body);
  const account = await findAccount(deps.pool, deps.vault(), userId);
  if (!account) throw invalidCredentials();
  const attempt = { emailHash: account.emailHash, client: undefined };
  const admitted = await deps.throttle.admit(attempt);
  if (!admitted.ok) throw tooManyAttempts(admitted.retryAfterS);
  const { matches } = await whenNotTooBusy(() => deps.hasher.verify(password, account.passwordHash));
  if (!matches) throw invalidCredentials();
  await deps.throttle.succeeded(attempt);
  return account;
}
