import { HEADER, headerText } from '@scholar/contract';
import { prefersHtml } from '@scholar/runtime/http';
import type { Express, Request } from 'express';
import type { RegisterDeps } from '../deps.ts';
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
    const session = await startCheckout(deps.askA2, {
      providerId: provider.id,
      paidBefore: await countPayments(deps.pool, provider.id),
      ...deps.price,
      baseUrl: deps.publicUrl ?? `${req.protocol}://${hostOf(req)}`,
      canaryToken: headerText(req.headers, HEADER.canary),
    });
    if (prefersHtml(req)) res.redirect(303, session.url);
    else res.status(201).json(session);
  });
}

function hostOf(req: Request): string {
  return req.get('host') ?? 'localhost';
}
