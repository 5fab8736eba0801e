import type { AuthDeps } from '@scholar/runtime/auth';
import { HttpProblem } from '@scholar/runtime/http';
import { RateCap } from '@scholar/runtime/rate-cap';
import type { Request, RequestHandler } from 'express';
import { type Viewer, viewerOf } from './viewer.ts';

/** More clients than one replica sees in a minute; beyond them the longest unused begins anew. */
const MAX_CLIENTS = 10_000;
const RETRY_AFTER_S = 1;

/**
 * Middleware: so many requests a client at once, and so many a minute, for each replica; more are 429 `rate_limited`. A client is
 * who is signed in, else an address, which is kept nowhere but here. Our own services ask for many people, probes for nobody; both are let through.
 */
export function limitClients(auth: AuthDeps, limits: { burst: number; perMinute: number }): RequestHandler {
  const cap = new RateCap({ ...limits, maxNames: MAX_CLIENTS });
  return async (request, _response, next) => {
    const client = clientOf(request, await viewerOf(request, auth));
    if (client !== undefined && !cap.take(client, auth.clock.now()).keep) throw tooMany();
    next();
  };
}

function clientOf(request: Request, { principal }: Viewer): string | undefined {
  if (principal?.kind === 'service' || principal?.kind === 'canary') return undefined;
  return principal?.kind === 'user' ? `user:${principal.subject}` : `address:${request.ip}`;
}

function tooMany(): HttpProblem {
  return new HttpProblem({
    status: 429,
    code: 'rate_limited',
    detail: 'You ask more often than one may. Wait as Retry-After says.',
    headers: { 'retry-after': String(RETRY_AFTER_S) },
  });
}
