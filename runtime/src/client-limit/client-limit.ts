import type { Principal } from '../auth/index.ts';
import type { Clock } from '../clock/index.ts';
import { HttpProblem, type Request, type RequestHandler, type Response } from '../http/index.ts';
import { RateCap } from '../rate-cap/index.ts';
import { networkOf } from './network.ts';

/** More clients than one replica sees in a minute; beyond them the longest unused begins anew. */
const MAX_CLIENTS = 10_000;
const RETRY_AFTER_S = 1;

/**
 * Middleware: so many requests a client at once, and so many a minute, for each replica; more are 429 `rate_limited`, a page for a browser. A
 * client is who is signed in, else a network (an IPv4 address, a /64 of IPv6), which is kept nowhere but here. Our own services
 * ask for many people, probes for nobody; both are let through.
 * @param deps.principalOf who asks, undefined for who is not signed in
 */
export function limitClients(
  deps: {
    clock: Pick<Clock, 'now'>;
    principalOf: (
      request: Request,
      response: Response,
    ) => Principal | undefined | Promise<Principal | undefined>;
  },
  limits: { burst: number; perMinute: number },
): RequestHandler {
  const cap = new RateCap({ ...limits, maxNames: MAX_CLIENTS });
  return async (request, response, next) => {
    const client = clientOf(request, await deps.principalOf(request, response));
    if (client !== undefined && !cap.take(client, deps.clock.now()).keep) throw tooMany();
    next();
  };
}

function clientOf(request: Request, principal: Principal | undefined): string | undefined {
  if (principal?.kind === 'service' || principal?.kind === 'canary') return undefined;
  if (principal?.kind === 'user') return `user:${principal.subject}`;
  return `network:${networkOf(request.ip ?? '')}`;
}

function tooMany(): HttpProblem {
  return new HttpProblem({
    status: 429,
    code: 'rate_limited',
    detail: 'You ask more often than one may. Wait a second, then ask again.',
    headers: { 'retry-after': String(RETRY_AFTER_S) },
  });
}
