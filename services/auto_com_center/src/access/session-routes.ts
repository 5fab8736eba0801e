import { type Express, sameOriginOnly } from '@scholar/runtime/http';
import { z } from 'zod';
import type { AccessDeps } from './require-role.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';
import { sendSignIn } from './sign-in-page.ts';
import { tooManyRequests } from './too-many-requests.ts';

const signInForm = z.object({ key: z.string().trim().min(1).max(512) });

/** Swaps a read key for a cookie, and ends it. The key travels in a form's body only, never in an address. */
export function useSessions(app: Express, deps: AccessDeps): void {
  app.post('/session', sameOriginOnly(), async (request, response) => {
    response.set('cache-control', 'no-store');
    const form = signInForm.safeParse(request.body);
    const match = deps.ring().match(form.data?.key, 'read', deps.now());
    if (!match.ok) {
      if (match.code === 'rate_limited') throw tooManyRequests();
      sendSignIn(response, { refused: match.code });
      return;
    }
    setSessionCookie(request, response, await deps.sessions.open(match.key));
    response.redirect(303, '/');
  });

  app.post('/session/end', sameOriginOnly(), async (request, response) => {
    await deps.sessions.end(readSessionCookie(request));
    clearSessionCookie(request, response);
    response.redirect(303, '/');
  });
}
