import { HEADER, headerText } from '@scholar/contract';
import { prefersHtml } from '@scholar/runtime/http';
import type { Express, Request } from 'express';
import { isCanary } from '../canary.ts';
import type { RegisterDeps } from '../deps.ts';
import { referenceOf } from '../orders/order.ts';
import { recordAttempt } from '../orders/order-store.ts';
import { countPayments } from '../payments/payment-store.ts';
import { existingProvider } from '../providers/route.ts';
import { type AskA2, startCheckout } from './start-checkout.ts';

type Deps = RegisterDeps & {
  price: { amountCents: number; currency: string };
  askA2: AskA2;
  /** A6_PUBLIC_URL; without it the address that the browser used. */
  publicUrl: string | undefined;
};

/** POST /providers/:id/checkout → 303 to the payment page (JSON: 201 {id, url}); 503 with a page while A2 gives none. */
export function listingRoute(app: Express, deps: Deps): void {
  app.post('/providers/:id/checkout', async (req, res) => {
    const provider = await existingProvider(deps, req);
    const canaryToken = headerText(req.headers, HEADER.canary);
    // What was paid for before is done; the next one is a new order.
    const reference = referenceOf(provider.id, (await countPayments(deps.pool, provider.id)) + 1);
    const session = await startCheckout(deps.askA2, {
      providerId: provider.id,
      reference,
      ...deps.price,
      baseUrl: deps.publicUrl ?? `${req.protocol}://${hostOf(req)}`,
      canaryToken,
    });
    await recordAttempt(deps.pool, {
      sessionId: session.id,
      providerId: provider.id,
      reference,
      simulated: isCanary(deps, canaryToken),
    });
    if (prefersHtml(req)) res.redirect(303, session.url);
    else res.status(201).json(session);
  });
}

function hostOf(req: Request): string {
  return req.get('host') ?? 'localhost';
}
