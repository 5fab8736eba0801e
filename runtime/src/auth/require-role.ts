import type { RequestHandler, Response } from 'express';
import { HttpProblem } from '../http/http-problem.ts';
import { unauthorized } from './authenticate.ts';
import type { Principal } from './principal.ts';

/** Who sent the request, as `authenticated` noted it; undefined for nobody. */
export function principalOf(response: Response): Principal | undefined {
  return response.locals['principal'] as Principal | undefined;
}

/**
 * Middleware: lets only those on who have one of the roles. A canary passes only where `canary` is named.
 * Answers 401 to nobody and 403 to somebody else, both with WWW-Authenticate (RFC 6750 section 3.1).
 */
export function requireRole(...roles: readonly [string, ...string[]]): RequestHandler {
  return (_request, response, next) => {
    const principal = principalOf(response);
    if (!principal) {
      next(unauthorized('This needs a signed-in caller. Send "Authorization: Bearer <token>" or sign in.'));
      return;
    }
    if (roles.some((role) => principal.roles.includes(role))) {
      next();
      return;
    }
    next(forbidden(roles));
  };
}

function forbidden(roles: readonly string[]): HttpProblem {
  const needed = roles.join(' or ');
  return new HttpProblem({
    status: 403,
    code: 'forbidden',
    detail: `This needs the role ${needed}. Use an account that has it.`,
    headers: {
      'www-authenticate': `Bearer realm="scholar", error="insufficient_scope", scope="${roles.join(' ')}"`,
    },
  });
}
