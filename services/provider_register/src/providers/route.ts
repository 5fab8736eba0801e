import { randomUUID } from 'node:crypto';
import { HEADER, headerText } from '@scholar/contract';
import { prefersHtml, sendPage, validated } from '@scholar/runtime/http';
import { formatMoney } from '@scholar/runtime/money';
import type { CountView } from '@scholar/runtime/page-views';
import type { Express, Request, Response } from 'express';
import { ordersOf } from '../orders/order-store.ts';
import { SERVICE } from '../pages/show-page.ts';
import { paymentsOf } from '../payments/payment-store.ts';
import { claimRoute, newClaim } from './claim.ts';
import { onboard } from './onboard.ts';
import { ownProvider } from './own-provider.ts';
import { providerPage } from './pages.ts';
import { providerInput } from './provider.ts';
import { type RegisterFormDeps, registerByForm } from './register-form.ts';

type Deps = RegisterFormDeps & {
  price: { amountCents: number; currency: string };
  countView: CountView;
};

/** POST /providers (form: 303 to the provider's page; JSON: 201 {provider_id, claim_code}), GET /providers/:id. */
export function providerRoutes(app: Express, deps: Deps): void {
  app.post('/providers', deps.fromHere, deps.visitor, async (req, res) => {
    if (req.is('application/x-www-form-urlencoded')) await registerByForm(deps, req, res);
    else await registerByJson(deps, req, res);
  });
  claimRoute(app, deps);
  app.get('/providers/:id', async (req, res) => {
    const provider = await ownProvider(deps, req, res);
    if (!prefersHtml(req)) {
      res.json({
        provider_id: provider.id,
        name: provider.name,
        website: provider.website,
        country: provider.country,
      });
      return;
    }
    // Only now it is known that there is a page for who asks.
    await deps.countView(req, res, '/providers/{id}');
    const payments = await paymentsOf(deps.pool, provider.id);
    const price = formatMoney(deps.price.amountCents, deps.price.currency, 'price');
    const [order] = await ordersOf(deps.pool, provider.id);
    const body = providerPage({ provider, payments, order, price, returned: returnedFrom(req) });
    sendPage(res, { title: provider.name, service: SERVICE, body });
  });
}

async function registerByJson(deps: Deps, req: Request, res: Response): Promise<void> {
  const input = validated(providerInput, req.body);
  const [id, claim] = [randomUUID(), newClaim()];
  await onboard(deps, input, {
    ...{ id, claimSha256: claim.sha256 },
    source: '/providers',
    canaryToken: headerText(req.headers, HEADER.canary),
  });
  res.status(201).location(`/providers/${id}`).json({ provider_id: id, claim_code: claim.code });
}

function returnedFrom(req: Request): 'success' | 'cancel' | undefined {
  const { checkout } = req.query;
  return checkout === 'success' || checkout === 'cancel' ? checkout : undefined;
}
