import {
  type AuthDeps,
  authenticate,
  type CanaryTokenOf,
  type Principal,
  readSessionCookie,
  TokenInvalid,
  VerifierUnavailable,
} from '@scholar/runtime/auth';
import { HttpProblem, type Request, type RequestHandler, type Response } from '@scholar/runtime/http';
import type { Refresh } from './refresher.ts';
import { clearSession, readRefreshCookie, setSession } from './session-cookies.ts';

/** Who looks at our pages. `unavailable`: there may be a session, but scholar_auth cannot be asked about it now. */
export type Visitor =
  | { signedIn: 'yes'; principal: Principal }
  | { signedIn: 'no' | 'unavailable'; principal: undefined };

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
    response.locals['visitor'] = await identify(request, response, deps);
    next();
  };
}

export function visitorOf(response: Response): Visitor {
  return (response.locals['visitor'] as Visitor | undefined) ?? NOBODY;
}

/**
 * The principal of a program's request.
 * @throws HttpProblem 401 for nobody, 403 for a service, 503 while a session cannot be checked.
 */
export function requirePrincipal(response: Response): Principal {
  const { signedIn, principal } = visitorOf(response);
  if (principal && principal.kind !== 'service') return principal;
  if (principal) {
    const detail = 'This is for students. A service asks scholarship_agent or scholarship_sage itself.';
    throw new HttpProblem({ status: 403, code: 'forbidden', detail });
  }
  if (signedIn === 'unavailable') {
    const detail = 'Sessions cannot be checked just now. Try again shortly.';
    throw new HttpProblem({ status: 503, code: 'unavailable', detail, headers: { 'retry-after': '2' } });
  }
  throw new HttpProblem({
    status: 401,
    code: 'unauthorized',
    detail: 'This needs a signed-in student. Send "Authorization: Bearer <token>" or sign in.',
    headers: { 'www-authenticate': 'Bearer realm="scholar"' },
  });
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
    return { signedIn: 'yes', principal: await verifier.verify(token) };
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
