import { type Express, validated } from '@scholar/runtime/http';
import { z } from 'zod';
import type { VaultSource } from '../email/vault-source.ts';
import { clientOf } from '../http/client-of.ts';
import { emailSchema, givenPasswordSchema } from '../http/credentials-schema.ts';
import { invalidCredentials, passwordLeaked, tooManyAttempts, whenNotTooBusy } from '../http/problems.ts';
import type { Login, LoginOutcome } from './login-service.ts';

const loginSchema = z.object({ email: emailSchema, password: givenPasswordSchema });

/**
 * POST /login: 200 token pair, with `password_leaked: true` where another password should be chosen; 401
 * `invalid_credentials`; 403 `password_leaked` {link_sent}, with Retry-After where the limits let no link out; 422; 429
 * `rate_limited` with Retry-After; 503.
 */
export function loginRoute(
  app: Express,
  deps: { vault: VaultSource; login: Login; onOutcome: (outcome: LoginOutcome['kind']) => void },
): void {
  app.post('/login', async (request, response) => {
    const vault = deps.vault();
    const { email, password } = validated(loginSchema, request.body);
    const client = clientOf(request, vault.keyFingerprint);
    const outcome = await whenNotTooBusy(() => deps.login(vault, { email, password, client }));
    deps.onOutcome(outcome.kind);
    if (outcome.kind === 'throttled') throw tooManyAttempts(outcome.retryAfterS);
    if (outcome.kind === 'invalid_credentials') throw invalidCredentials();
    if (outcome.kind === 'leaked_password') throw passwordLeaked(outcome.mailed);
    const leaked = outcome.passwordLeaked ? { password_leaked: true } : {};
    response.set('cache-control', 'no-store').json({ ...outcome.tokens, ...leaked });
  });
}
