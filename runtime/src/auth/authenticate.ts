import { bearerToken } from '@scholar/contract';
import type { Request, RequestHandler } from 'express';
import { HttpProblem } from '../http/http-problem.ts';
import { type CanaryDeps, createCanaryTokenOf } from './canary-token-of.ts';
import { CANARY_PRINCIPAL, type Principal } from './principal.ts';
import { type Asked, readSessionCookie } from './session-cookie.ts';
import { TokenInvalid, type TokenVerifier, VerifierUnavailable } from './token-verifier.ts';

export type AuthDeps = CanaryDeps & { verifier: TokenVerifier };

/**
 * Who sent a request; undefined for nobody. In this order: a bearer token (which must then be valid), a valid canary
 * header, a session cookie. An invalid canary or an expired session counts as absent: pages still open.
 * @throws HttpProblem 401 for a bearer token that proves nothing, 503 while tokens cannot be checked.
 */
export async function authenticate(request: Asked, deps: AuthDeps): Promise<Principal | undefined> {
  if (request.headers.authorization !== undefined) return fromBearer(request, deps.verifier);
  if (createCanaryTokenOf(deps)(request) !== undefined) return CANARY_PRINCIPAL;
  return fromCookie(request, deps.verifier);
}

/** Middleware: notes who sent the request (`principalOf`), and lets everybody on; `requireRole` is what refuses. */
export function authenticated(deps: AuthDeps): RequestHandler {
  return async (request, response, next) => {
    response.locals['principal'] = await authenticate(request, deps);
    next();
  };
}

async function fromBearer(request: Pick<Request, 'headers'>, verifier: TokenVerifier): Promise<Principal> {
  const token = bearerToken(request.headers);
  if (token === undefined) {
    throw unauthorized('The authorization header is not "Bearer <token>". Correct it.', 'invalid_request');
  }
  try {
    return await verifier.verify(token);
  } catch (error) {
    throw toProblem(error);
  }
}

async function fromCookie(request: Asked, verifier: TokenVerifier): Promise<Principal | undefined> {
  const token = readSessionCookie(request);
  if (token === undefined) return undefined;
  try {
    return await verifier.verify(token);
  } catch (error) {
    if (error instanceof TokenInvalid || error instanceof VerifierUnavailable) return undefined;
    throw error;
  }
}

function toProblem(error: unknown): unknown {
  if (error instanceof TokenInvalid) return unauthorized(error.message, 'invalid_token');
  if (!(error instanceof VerifierUnavailable)) return error;
  return new HttpProblem({
    status: 503,
    code: 'unavailable',
    detail: 'Tokens cannot be checked just now. Try again shortly.',
    headers: { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfterMs / 1_000))) },
    cause: error,
  });
}

/** A 401 that says how to authenticate (RFC 6750 section 3). */
export function unauthorized(detail: string, error?: 'invalid_token' | 'invalid_request'): HttpProblem {
  const challenge = `Bearer realm="scholar"${error ? `, error="${error}"` : ''}`;
  return new HttpProblem({
    status: 401,
    code: 'unauthorized',
    detail,
    headers: { 'www-authenticate': challenge },
  });
}
