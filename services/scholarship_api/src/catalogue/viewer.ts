import { ANONYMOUS, type AuthDeps, authenticate, type Principal } from '@scholar/runtime/auth';
import { consentOf, HttpProblem } from '@scholar/runtime/http';
import type { Request, RequestHandler, Response } from 'express';

/**
 * Who looks at the catalogue, and whether that is a page view: only with the consent that the pages ask for. Services read
 * it to do their work: no page view. While tokens cannot be checked (scholar_auth was never reachable) a bearer may be a
 * service, so nothing is claimed and the catalogue is shown all the same.
 */
export type Viewer = { principal: Principal | undefined; countsAs: string | undefined };

/** Finds out who looks, once a request, for whatever stands behind it. @throws HttpProblem 401 for a bearer token that proves nothing. */
export function noteViewer(deps: AuthDeps): RequestHandler {
  return async (request, response, next) => {
    response.locals['viewer'] = await findViewer(request, deps);
    next();
  };
}

/** Behind `noteViewer`. */
export function viewerOf(response: Response): Viewer {
  return response.locals['viewer'] as Viewer;
}

/**
 * `countsAs` is the actor_id of the PageView: the user id, `canary` for a probe (which needs no consent), and `anonymous`
 * for somebody who is not signed in; undefined when there is no page view.
 */
async function findViewer(request: Request, deps: AuthDeps): Promise<Viewer> {
  try {
    const principal = await authenticate(request, deps);
    const mayCount = principal?.kind === 'canary' || consentOf(request) === 'given';
    if (principal?.kind === 'service' || !mayCount) return { principal, countsAs: undefined };
    return { principal, countsAs: principal?.subject ?? ANONYMOUS };
  } catch (error) {
    if (error instanceof HttpProblem && error.status === 503)
      return { principal: undefined, countsAs: undefined };
    throw error;
  }
}
