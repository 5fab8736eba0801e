import { type Express, sameOriginOnly } from '@scholar/runtime/http';
import { z } from 'zod';
import type { AccessDeps } from './require-role.ts';
import {
  clearSessionCookie,
  readSessionCookie,
  readSignInCookie,
  setSessionCookie,
} from './session-cookie.ts';
import { checkCsrf, ownPath, type SignInDeps, sendSignIn } from './sign-in.ts';
import { tooManyRequests } from './too-many-requests.ts';

const signInForm = z.object({ key: z.string().trim().min(1).max(512), to: z.string().optional() });
const formToken = z.object({ csrf: z.string() });

/** Swaps a read key for a cookie, and ends it. The key travels in a form's body only, never in an address. */
export function useSessions(app: Express, deps: AccessDeps & SignInDeps): void {
  app.post('/session', sameOriginOnly(), async (request, response) => {
    response.set('cache-control', 'no-store');
    checkCsrf(formToken.safeParse(request.body).data?.csrf, readSignInCookie(request));
    const form = signInForm.safeParse(request.body);
    const to = ownPath(form.data?.to ?? '/');
    const match = deps.ring().match(form.data?.key, 'read', deps.now());
    if (!match.ok) {
      if (match.code === 'rate_limited') throw tooManyRequests();
      sendSignIn(request, response, { deps, shown: { refused: match.code, to } });
      return;
    }
    setSessionCookie(request, response, await deps.sessions.open(match.key));
    response.redirect(303, to);
  });

  app.post('/session/end', sameOriginOnly(), async (request, response) => {
    const session = readSessionCookie(request);
    checkCsrf(formToken.safeParse(request.body).data?.csrf, session);
    await deps.sessions.end(session);
    clearSessionCookie(request, response);
    response.redirect(303, '/');
  });
}
