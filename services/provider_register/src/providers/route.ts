import { randomUUID } from 'node:crypto';
import { HEADER, headerText } from '@scholar/contract';
import { HttpProblem, prefersHtml, sendPage, validated } from '@scholar/runtime/http';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { RegisterDeps } from '../deps.ts';
import { ordersOf } from '../orders/order-store.ts';
import { SERVICE } from '../pages/show-page.ts';
import { formatMoney } from '../payments/format-money.ts';
import { paymentsOf } from '../payments/payment-store.ts';
import { onboard } from './onboard.ts';
import { providerPage } from './pages.ts';
import { type Provider, providerInput } from './provider.ts';
import { findProvider } from './provider-store.ts';
import { type RegisterFormDeps, registerByForm } from './register-form.ts';

type Deps = RegisterFormDeps & { price: { amountCents: number; currency: string } };

/** POST /providers (form: 303 to the provider's page; JSON: 201 {provider_id}), GET /providers/:id. */
export function providerRoutes(app: Express, deps: Deps): void {
  app.post('/providers', deps.fromHere, deps.visitor, async (req, res) => {
    if (req.is('application/x-www-form-urlencoded')) await registerByForm(deps, req, res);
    else await registerByJson(deps, req, res);
  });
  app.get('/providers/:id', async (req, res) => {
    const provider = await existingProvider(deps, req);
    if (!prefersHtml(req)) {
      res.json({
        provider_id: provider.id,
        name: provider.name,
        website: provider.website,
        country: provider.country,
      });
      return;
    }
    const payments = await paymentsOf(deps.pool, provider.id);
    const price = formatMoney(deps.price.amountCents, deps.price.currency);
    const [order] = await ordersOf(deps.pool, provider.id);
    const body = providerPage({ provider, payments, order, price, returned: returnedFrom(req) });
    sendPage(res, { title: provider.name, service: SERVICE, body });
  });
}

/** @throws HttpProblem 404 */
export async function existingProvider(deps: RegisterDeps, req: Request): Promise<Provider> {
  const id = z.uuid().safeParse(req.params['id']);
  const provider = id.success ? await findProvider(deps.pool, id.data) : undefined;
  if (provider !== undefined) return provider;
  throw new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no such provider.' });
}

async function registerByJson(deps: Deps, req: Request, res: Response): Promise<void> {
  const input = validated(providerInput, req.body);
  const id = randomUUID();
  await onboard(deps, input, {
    id,
    source: '/providers',
    canaryToken: headerText(req.headers, HEADER.canary),
  });
  res.status(201).location(`/providers/${id}`).json({ provider_id: id });
}

function returnedFrom(req: Request): 'success' | 'cancel' | undefined {
  const { checkout } = req.query;
  return checkout === 'success' || checkout === 'cancel' ? checkout : undefined;
}
