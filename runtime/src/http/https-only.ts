import type { RequestHandler } from 'express';
import { HttpProblem } from './http-problem.ts';

/**
 * Refuses who reached the proxy in front by plain http (OWASP ASVS 9.1.1): a page is shown the way to https, anything else
 * is refused, since what it carried was readable on its way. Who comes past every proxy, from inside of the cluster or
 * of this machine, carries no `X-Forwarded-Proto` and passes.
 */
export function httpsOnly(): RequestHandler {
  return (request, response, next) => {
    // `secure` believes the header of a proxy on a private address alone.
    if (request.get('x-forwarded-proto') === undefined || request.secure) {
      next();
      return;
    }
    if (request.method === 'GET' || request.method === 'HEAD') {
      response.redirect(308, `https://${request.host}${request.originalUrl}`);
      return;
    }
    const detail =
      'This came by plain http, so others could read it. Send it by https, with another key or password.';
    next(new HttpProblem({ status: 403, code: 'https_required', title: 'Come by https', detail }));
  };
}
