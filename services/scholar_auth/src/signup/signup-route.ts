import { type CanaryTokenOf, refuseStrayCanary } from '@scholar/runtime/auth';
import { type Express, validated } from '@scholar/runtime/http';
import { z } from 'zod';
import type { VaultSource } from '../email/vault-source.ts';
import { clientOf } from '../http/client-of.ts';
import { emailSchema, newPasswordSchema } from '../http/credentials-schema.ts';
import { emailTaken, whenNotTooBusy } from '../http/problems.ts';
import type { SignUp } from './signup-service.ts';

const signupSchema = z.object({
  email: emailSchema,
  password: newPasswordSchema,
  role: z.enum(['student', 'provider'], { error: 'student or provider' }).default('student'),
});

/** POST /signup: 201 {user_id}; 409 `email_taken`; 422 `validation_failed`; 503 without EMAIL_HASH_KEY or when busy. */
export function signupRoute(
  app: Express,
  deps: { vault: VaultSource; signUp: SignUp; canaryTokenOf: CanaryTokenOf },
): void {
  app.post('/signup', async (request, response) => {
    const vault = deps.vault();
    const account = validated(signupSchema, request.body);
    const canaryToken = deps.canaryTokenOf(request);
    refuseStrayCanary(account.email, canaryToken);
    const client = clientOf(request, vault.keyFingerprint);
    const outcome = await whenNotTooBusy(() => deps.signUp(vault, { ...account, canaryToken, client }));
    if (outcome.kind === 'taken') throw emailTaken();
    response.status(201).json({ user_id: outcome.userId });
  });
}
