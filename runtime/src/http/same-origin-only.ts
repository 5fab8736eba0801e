import type { Request, RequestHandler } from 'express';
import { HttpProblem } from './http-problem.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that a page of another site made a browser send (CSRF), together with SameSite=Lax cookies.
 * Browsers tell where a request comes from: `Sec-Fetch-Site`, or at least `Origin`. Programs send neither and carry
 * no cookies, so they pass. (OWASP CSRF Prevention Cheat Sheet, "Fetch Metadata headers".)
 */
export function sameOriginOnly(): RequestHandler {
  return (request, _response, next) => {
    if (SAFE_METHODS.has(request.method) || isSameOrigin(request)) {
      next();
      return;
    }
    const detail = 'This form was sent from a page of another site. Open the page here and send it again.';
    next(new HttpProblem({ status: 403, code: 'cross_site_request', detail }));
  };
}

function isSameOrigin(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('origin');
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === request.get('host');
}
