import type { CanaryTokenOf } from '@scholar/runtime/auth';
import { unlessAway } from '@scholar/runtime/away';
import { type Express, HttpProblem, type Request, type Response, validated } from '@scholar/runtime/http';
import { visitOf } from '@scholar/runtime/page-views';
import { visitorOf } from '@scholar/runtime/sign-in';
import type { Pool } from 'pg';
import { z } from 'zod';
import { withNext } from '../accounts/account-pages.ts';
import { wantsJson } from '../http/wants-json.ts';
import type { Pages } from '../pages/pages.ts';
import { notKept, sessionNotice } from '../pages/session-notice.ts';
import { profileSchema, readProfileForm, toForm } from '../profile/profile.ts';
import { loadProfile } from '../profile/profile-store.ts';
import { onlySignedIn } from '../sessions/only-signed-in.ts';
import { requirePrincipal } from '../sessions/require-principal.ts';
import { matchPage, TITLE } from './match-page.ts';
import type { RequestMatches } from './match-service.ts';

export type MatchRouteDeps = {
  pool: Pool;
  pages: Pages;
  requestMatches: RequestMatches;
  canaryTokenOf: CanaryTokenOf;
};

const jsonSchema = z.object({ profile: profileSchema.optional() });

/**
 * GET /matches: the form, filled from the profile. POST /matches, a form: the page with what was found. POST /matches,
 * JSON `{profile?}`: 200 {request_id, matches, near_misses, matching: ok|unavailable}; the stored profile where none is sent.
 */
export function matchRoutes(app: Express, deps: MatchRouteDeps): void {
  deps.pages.get(
    app,
    '/matches',
    onlySignedIn('/matches', TITLE, async ({ subject }) => {
      // Without the profile the form is empty, and a search by hand still works.
      const profile = (await unlessAway(() => loadProfile(deps.pool, subject))) ?? {};
      return { title: TITLE, body: matchPage({ form: toForm(profile) }) };
    }),
  );
  app.post('/matches', async (request, response) => {
    if (wantsJson(request)) await answerJson(request, response, deps);
    else await answerForm(request, response, deps);
  });
}

async function answerJson(request: Request, response: Response, deps: MatchRouteDeps): Promise<void> {
  const { subject } = requirePrincipal(response);
  const body = validated(jsonSchema, request.body ?? {});
  const found = await deps.requestMatches({
    userId: subject,
    profile: body.profile ?? (await loadProfile(deps.pool, subject)),
    sessionId: undefined,
    canaryToken: deps.canaryTokenOf(request),
  });
  if (!found) throw couldNotBeNoted();
  const { requestId, matches, nearMisses, matching } = found;
  response
    .set('cache-control', 'no-store')
    .json({ request_id: requestId, matches, near_misses: nearMisses, matching });
}

async function answerForm(request: Request, response: Response, deps: MatchRouteDeps): Promise<void> {
  const visitor = visitorOf(response);
  if (visitor.signedIn === 'no') {
    response.redirect(303, withNext('/login', '/matches'));
    return;
  }
  const { profile, form } = readProfileForm(request.body);
  if (!visitor.principal || !profile) {
    const body = matchPage({ form, above: sessionNotice(visitor) });
    deps.pages.show(response, {
      path: '/matches',
      title: TITLE,
      body,
      status: visitor.principal ? 422 : 200,
    });
    return;
  }
  const found = await deps.requestMatches({
    userId: visitor.principal.subject,
    profile,
    sessionId: visitOf(request, response),
    canaryToken: deps.canaryTokenOf(request),
  });
  const body = matchPage({ form, found, above: found ? undefined : notKept() });
  deps.pages.show(response, { path: '/matches', title: TITLE, body, status: found ? 200 : 503 });
}

function couldNotBeNoted(): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'unavailable',
    detail: 'The request could not be noted just now, and nothing was searched. Try again shortly.',
    headers: { 'retry-after': '2' },
  });
}
