import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { HttpProblem } from './http-problem.ts';

/**
 * Whether the proxy in front, or the first of several, was reached by plain http. Who comes past every proxy, from inside of
 * the cluster or of this machine, carries no `X-Forwarded-Proto`. It is believed of everybody: who makes it up is refused.
 */
export function cameByPlainHttp(headers: IncomingHttpHeaders): boolean {
  return /^\s*http\s*(?:,|$)/i.test(String(headers['x-forwarded-proto']));
}

/**
 * Refuses who reached the proxy in front by plain http (OWASP ASVS 9.1.1): a page is shown the way to https, anything else
 * is refused, since what it carried was readable on its way. A cookie of a session is never carried: it is Secure.
 */
export function httpsOnly(): RequestHandler {
  return (request, response, next) => {
    if (!cameByPlainHttp(request.headers)) {
      next();
      return;
    }
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    // Not `request.host`, which is what a header may claim.
    const host = request.get('host');
    if (isReading && request.get('authorization') === undefined && host !== undefined) {
      response.redirect(308, `https://${host}${request.originalUrl}`);
      return;
    }
    const detail =
      'This came by plain http, so others could read it. Send it by https, with another key or password.';
    next(new HttpProblem({ status: 403, code: 'https_required', title: 'Come by https', detail }));
  };
}
