import type { RequestHandler } from 'express';
import { defineMetrics, type Metrics } from '../metrics/index.ts';
import { observeAnswer } from './observe-answer.ts';

/** What every service counts of its public port. */
export const HTTP_METRICS = defineMetrics({
  http_requests_total: {
    type: 'counter',
    help: 'Requests answered, by method, route template and status.',
    labels: ['method', 'route', 'status'],
  },
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'Seconds from the arrival of a request until its answer was handed to the kernel.',
    labels: ['method', 'route'],
    // An edge at 0.15: the P95 promise of the ecosystem is 150 ms.
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5],
  },
  http_requests_in_flight: { type: 'gauge', help: 'Requests being answered now.' },
});

// A router mounted below a parameter would put values into its template; the number of series stays bounded anyway.
const MAX_ROUTES = 200;

/** Counts and times every request under its route template, never under its path: paths hold ids and e-mails. */
export function measureRequests(metrics: Metrics<typeof HTTP_METRICS>): RequestHandler {
  const requests = metrics.counter('http_requests_total');
  const durations = metrics.histogram('http_request_duration_seconds');
  const inFlight = metrics.gauge('http_requests_in_flight');
  const routes = new Set<string>();
  return (request, response, next) => {
    inFlight.inc();
    observeAnswer(request, response, (answered) => {
      inFlight.dec();
      const { method, durationMs } = answered;
      const route = boundedRoute(routes, answered.route ?? 'unmatched');
      requests.labels({ method, route, status: String(answered.status) }).inc();
      durations.labels({ method, route }).observe(durationMs / 1_000);
    });
    next();
  };
}

function boundedRoute(routes: Set<string>, route: string): string {
  if (routes.size >= MAX_ROUTES && !routes.has(route)) return 'other';
  routes.add(route);
  return route;
}
