import { HEADER, headerText } from '@scholar/contract';
import { type AuthDeps, authenticated, requireRole } from '@scholar/runtime/auth';
import { validated } from '@scholar/runtime/http';
import type { Express } from 'express';
import { signedIn } from '../signed-in.ts';
import { checkoutBody } from './checkout-request.ts';
import { type CheckoutDeps, openCheckout } from './open-checkout.ts';

/** POST /checkout/sessions → 201 {id, url}. For providers, for services on a provider's behalf, and for canaries. */
export function checkoutRoutes(app: Express, deps: CheckoutDeps & { auth: AuthDeps }): void {
  const mayPay = [authenticated(deps.auth), requireRole('provider', 'service', 'canary')];
  app.post('/checkout/sessions', ...mayPay, async (req, res) => {
    const principal = signedIn(res);
    const body = validated(checkoutBody, req.body);
    const canary = body.canary ?? headerText(req.headers, HEADER.canary);
    const session = await openCheckout(deps, {
      body: canary === undefined ? body : { ...body, canary },
      requestedBy: principal.kind === 'service' ? `service:${principal.subject}` : principal.subject,
      // A provider pays for itself, whatever the body says.
      providerId: principal.kind === 'service' ? (body.provider_id ?? null) : principal.subject,
    });
    res.status(201).json(session);
  });
}
