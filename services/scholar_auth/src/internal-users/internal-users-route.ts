import { type CanaryTokenOf, refuseStrayCanary } from '@scholar/runtime/auth';
import { type Express, HttpProblem, type RequestHandler, validated } from '@scholar/runtime/http';
import { z } from 'zod';
import type { VaultSource } from '../email/vault-source.ts';
import { emailSchema } from '../http/credentials-schema.ts';
import type { CreateUser } from '../users/create-user.ts';

const internalUserSchema = z.object({ email: emailSchema, source: z.string().max(200).optional() });

/**
 * POST /internal/users, for services: 201 {user_id, created: true} and a NewUser, or 200 {user_id, created: false}.
 * 503 while the account of this address is being erased: what was linked to it now would be nobody's.
 * The account has no password: nobody can sign in to it until its owner has verified the address.
 */
export function internalUsersRoute(
  app: Express,
  deps: {
    vault: VaultSource;
    createUser: CreateUser;
    canaryTokenOf: CanaryTokenOf;
    onlyServices: RequestHandler[];
  },
): void {
  app.post('/internal/users', ...deps.onlyServices, async (request, response) => {
    const vault = deps.vault();
    const { email } = validated(internalUserSchema, request.body);
    const canaryToken = deps.canaryTokenOf(request);
    refuseStrayCanary(email, canaryToken);
    const { userId, created, leaving } = await deps.createUser(vault, {
      email,
      passwordHash: null,
      roles: ['student'],
      origin: '/internal/users',
      details: 'made by a service',
      canaryToken,
    });
    if (leaving) throw beingErased();
    response.status(created ? 201 : 200).json({ user_id: userId, created });
  });
}

/** The id goes when everybody has confirmed, which takes minutes; then the address gets a new one. */
function beingErased(): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'unavailable',
    detail: 'The account of this address is being erased; when that is done it gets a new one.',
    headers: { 'retry-after': '600' },
  });
}
