import type { Clock } from '@scholar/runtime/clock';
import type { Health } from '@scholar/runtime/health';
import { createApp, type Express, type HTTP_METRICS } from '@scholar/runtime/http';
import type { Logger } from '@scholar/runtime/log';
import type { Metrics } from '@scholar/runtime/metrics';
import { accountRoutes } from './api/account-route.ts';
import { createApiRoute } from './api/api-route.ts';
import { invalidRequest } from './api/stripe-error.ts';
import { checkoutRoutes } from './checkout/route.ts';
import { eventRoutes } from './events/route.ts';
import type { NewId } from './identifiers.ts';
import { paymentPageRoutes } from './payment-page/route.ts';
import { refundRoutes } from './refunds/route.ts';
import type { State } from './state/state.ts';
import type { Deliverer } from './webhooks/deliverer.ts';
import { endpointRoutes } from './webhooks/endpoint-route.ts';
import { knobRoutes } from './webhooks/knobs-route.ts';

export type SandboxDeps = {
  state: State;
  deliverer: Deliverer;
  clock: Clock;
  newId: NewId;
  log: Logger;
  health: Health;
  metrics: Metrics<typeof HTTP_METRICS>;
  /** The document of GET /running. */
  running: () => unknown;
};

/** Everything that the sandbox answers: Stripe's API under /v1, the payment page, the knobs. */
export function createSandboxApp(deps: SandboxDeps): Express {
  const { state, deliverer, clock, newId, log, health, metrics } = deps;
  const now = () => clock.now();
  const onCommitted = () => deliverer.nudge();
  const route = createApiRoute({ state, now, onCommitted });
  return createApp({
    service: 'Payment sandbox',
    log,
    health,
    metrics,
    routes(app) {
      app.get('/running', (_req, res) => {
        res.set('cache-control', 'no-store').json(deps.running());
      });
      checkoutRoutes(app, { state, route, now, newId });
      refundRoutes(app, { state, route, now, newId });
      eventRoutes(app, { state, route });
      endpointRoutes(app, { state, route, now, newId });
      accountRoutes(app, route);
      app.all('/v1/{*path}', (req, res) => {
        const error = invalidRequest(
          `Unrecognized request URL (${req.method}: ${req.path}). The sandbox knows a part of Stripe.`,
        );
        res.status(404).json(error.body());
      });
      paymentPageRoutes(app, { state, now, newId, onCommitted });
      knobRoutes(app, { state, deliverer, now, newId });
    },
  });
}
