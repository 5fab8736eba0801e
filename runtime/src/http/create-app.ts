import express, { type Express } from 'express';
import type { Health } from '../health/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { answersOfApis } from './answers-of-apis.ts';
import { useBodyParsers } from './body.ts';
import { errorHandler, notFound } from './error-handler.ts';
import { type HTTP_METRICS, measureRequests } from './http-metrics.ts';
import { httpsOnly } from './https-only.ts';
import { onlyMethodsInUse } from './methods-in-use.ts';
import { useAssets } from './page/assets.ts';
import { requestContext } from './request-context.ts';
import { type ContentSources, securityHeaders } from './security.ts';

export type AppOptions = {
  /** What pages call this service, e.g. "Student pilot". */
  service: string;
  log: Logger;
  health: Health;
  /** Metrics made from a table that includes HTTP_METRICS. */
  metrics: Metrics<typeof HTTP_METRICS>;
  /** Adds the routes of the service. What they throw or reject with is answered as a problem. */
  routes: (app: Express) => void;
  /** Paths whose body arrives as the Buffer that was sent, for signatures. */
  rawBodyPaths?: readonly string[];
  contentSources?: ContentSources;
  /** `production`: who reached the proxy in front by plain http is not served. */
  environment?: string;
};

/**
 * The express app of a service, in the order that every request goes through: id, measure, headers, the probes and
 * assets (which need no body), body parsing, the service's routes, 404, errors.
 */
export function createApp(options: AppOptions): Express {
  const {
    service,
    log,
    health,
    metrics,
    routes,
    rawBodyPaths = [],
    contentSources = {},
    environment,
  } = options;
  const app = express();
  app.disable('x-powered-by');
  // In a cluster the ingress stands in front, on a private address, and tells whether the outside spoke https.
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');
  app.set('query parser', 'simple');
  app.use(requestContext(log));
  app.use(measureRequests(metrics));
  app.use(securityHeaders(contentSources), answersOfApis(), onlyMethodsInUse());
  useProbes(app, health);
  if (environment === 'production') app.use(httpsOnly());
  useAssets(app);
  useBodyParsers(app, rawBodyPaths);
  routes(app);
  app.use(notFound);
  app.use(errorHandler({ service }));
  return app;
}

function useProbes(app: Express, health: Health): void {
  app.get('/health', (_request, response) => {
    response.set('cache-control', 'no-store').json({ status: 'ok' });
  });
  app.get('/ready', async (_request, response) => {
    const { ready, checks } = await health.ready();
    // Details speak of addresses and drivers; they are for the ops listener, not for the public port.
    const names = Object.entries(checks).map(([name, { ok }]) => [name, { ok }]);
    response.status(ready ? 200 : 503).set('cache-control', 'no-store');
    response.json({ ready, checks: Object.fromEntries(names) });
  });
}
