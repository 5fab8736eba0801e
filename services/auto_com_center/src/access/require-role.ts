import { bearerToken } from '@scholar/contract';
import { HttpProblem, type RequestHandler } from '@scholar/runtime/http';
import type { KeyRing, KeyRole } from '../keys/key-ring.ts';
import { readSessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';
import { tooManyRequests } from './too-many-requests.ts';

export type AccessDeps = { ring: () => KeyRing; now: () => number; sessions: Sessions };

/** Lets a request pass that carries a key of this role. @throws HttpProblem 401 or 403, saying which key to use. */
export function requireKey(role: KeyRole, deps: Pick<AccessDeps, 'ring' | 'now'>): RequestHandler {
  return (request, _response, next) => {
    authorize(role, bearerToken(request.headers), deps);
    next();
  };
}

/** Lets a reader pass: a read key as bearer, or a browser's session. */
export function requireReader(deps: AccessDeps): RequestHandler {
  return async (request, response, next) => {
    response.set('cache-control', 'no-store');
    const token = bearerToken(request.headers);
    if (token !== undefined || !(await deps.sessions.holds(readSessionCookie(request)))) {
      authorize('read', token, deps);
    }
    next();
  };
}

function authorize(role: KeyRole, token: string | undefined, deps: Pick<AccessDeps, 'ring' | 'now'>): void {
  const match = deps.ring().match(token, role, deps.now());
  if (match.ok) return;
  if (match.code === 'rate_limited') throw tooManyRequests();
  if (match.code === 'forbidden') {
    const detail = `This key is not of the role "${role}". Use a key whose ring entry has it.`;
    throw new HttpProblem({ status: 403, code: 'forbidden', detail });
  }
  throw new HttpProblem({
    status: 401,
    code: 'unauthorized',
    detail: `Send "authorization: Bearer <key>" with a key of the role "${role}".`,
    headers: { 'www-authenticate': 'Bearer' },
  });
}
