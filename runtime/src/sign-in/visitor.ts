import {
  type AuthDeps,
  authenticate,
  type CanaryTokenOf,
  type Principal,
  readSessionCookie,
  TokenInvalid,
  VerifierUnavailable,
} from '../auth/index.ts';
import type { Request, RequestHandler, Response } from '../http/index.ts';
import type { Refresh } from './refresher.ts';
import { clearSession, readRefreshCookie, setSession } from './session-cookies.ts';

/**
 * Who looks at our pages. `unavailable`: there may be a session, but scholar_auth cannot be asked about it now.
 * `accessToken`: the verified token of a browser's session, with which we ask other services in the visitor's name.
 */
export type Visitor =
  | { signedIn: 'yes'; principal: Principal; accessToken?: string }
  | { signedIn: 'no' | 'unavailable'; principal: undefined; accessToken?: undefined };

const NOBODY: Visitor = { signedIn: 'no', principal: undefined };
const UNKNOWN: Visitor = { signedIn: 'unavailable', principal: undefined };

export type VisitorDeps = AuthDeps & { refresh: Refresh; canaryTokenOf: CanaryTokenOf };

/**
 * Middleware: notes who visits. Programs come with a bearer token or a canary; browsers with cookies, whose access
 * token is renewed on the way when it has run out.
 * @throws HttpProblem 401 for a bearer token that proves nothing, 503 while it cannot be checked.
 */
export function noteVisitor(deps: VisitorDeps): RequestHandler {
  return async (request, response, next) => {
    // Asked once a request: a session that has been renewed has no other refresh token to show.
    response.locals['visitor'] ??= await identify(request, response, deps);
    next();
  };
}

export function visitorOf(response: Response): Visitor {
  return (response.locals['visitor'] as Visitor | undefined) ?? NOBODY;
}

async function identify(request: Request, response: Response, deps: VisitorDeps): Promise<Visitor> {
  if (request.headers.authorization !== undefined || deps.canaryTokenOf(request)) {
    const principal = await authenticate(request, deps);
    return principal ? { signedIn: 'yes', principal } : NOBODY;
  }
  const access = readSessionCookie(request);
  const visitor = access ? await verified(access, deps) : NOBODY;
  if (visitor.signedIn !== 'no') return visitor;
  return renewed(request, response, deps);
}

async function verified(token: string, { verifier }: VisitorDeps): Promise<Visitor> {
  try {
    return { signedIn: 'yes', principal: await verifier.verify(token), accessToken: token };
  } catch (error) {
    if (error instanceof TokenInvalid) return NOBODY;
    if (error instanceof VerifierUnavailable) return UNKNOWN;
    throw error;
  }
}

async function renewed(request: Request, response: Response, deps: VisitorDeps): Promise<Visitor> {
  const refreshToken = readRefreshCookie(request);
  if (refreshToken === undefined) return NOBODY;
  const outcome = await deps.refresh(refreshToken);
  if (outcome.kind === 'unavailable') return UNKNOWN;
  if (outcome.kind === 'refused') {
    clearSession(response);
    return NOBODY;
  }
  setSession(response, outcome.tokens);
  return verified(outcome.tokens.accessToken, deps);
}
