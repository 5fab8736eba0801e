import { HEADER, headerText } from '@scholar/contract';
import { unlessAway } from '@scholar/runtime/away';
import { prefersHtml } from '@scholar/runtime/http';
import type { Express, Request, Response } from 'express';
import { isCanary } from '../canary.ts';
import type { RegisterDeps } from '../deps.ts';
import { referenceOf } from '../orders/order.ts';
import { recordAttempt, type Terms, termsOf } from '../orders/order-store.ts';
import { countPayments } from '../payments/payment-store.ts';
import { ownProvider } from '../providers/own-provider.ts';
import { type AskA2, cannotOpen, startCheckout } from './start-checkout.ts';

type Deps = RegisterDeps & {
  price: { amountCents: number; currency: string };
  askA2: AskA2;
  /** A6_PUBLIC_URL; without it the address that the browser used. */
  publicUrl: string | undefined;
};

/** POST /providers/:id/checkout → 303 to the payment page (JSON: 201 {id, url}); 503 with a page while A2 gives none. */
export function listingRoute(app: Express, deps: Deps): void {
  app.post('/providers/:id/checkout', async (req, res) => {
    const canaryToken = headerText(req.headers, HEADER.canary);
    const order = await unlessAway(() => nextOrder(deps, req, res));
    if (order === undefined) throw cannotOpen();
    const session = await startCheckout(deps.askA2, {
      ...order,
      baseUrl: deps.publicUrl ?? `${req.protocol}://${hostOf(req)}`,
      canaryToken,
    });
    const attempt = { ...order, sessionId: session.id, simulated: isCanary(deps, canaryToken) };
    const recorded = await unlessAway(async () => ({ done: await recordAttempt(deps.pool, attempt) }));
    // Who asks again is given the same page, and it is recorded then.
    if (recorded === undefined) throw cannotOpen();
    if (prefersHtml(req)) res.redirect(303, session.url);
    else res.status(201).json(session);
  });
}

/** What was paid for before is done; the next one is a new order. One that was begun keeps its price. */
async function nextOrder(
  deps: Deps,
  req: Request,
  res: Response,
): Promise<{ providerId: string; reference: string } & Terms> {
  const { id: providerId } = await ownProvider(deps, req, res);
  const paid = await countPayments(deps.pool, providerId);
  const reference = referenceOf(providerId, paid + 1);
  return { providerId, reference, ...((await termsOf(deps.pool, reference)) ?? deps.price) };
}

function hostOf(req: Request): string {
  return req.get('host') ?? 'localhost';
}
