import { randomUUID } from 'node:crypto';
import { HEADER, headerText } from '@scholar/contract';
import { HttpProblem, prefersHtml, sendPage, validated } from '@scholar/runtime/http';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { RegisterDeps } from '../deps.ts';
import { ordersOf } from '../orders/order-store.ts';
import { formatMoney } from '../payments/format-money.ts';
import { paymentsOf } from '../payments/payment-store.ts';
import { onboard } from './onboard.ts';
import { type FormState, onboardingPage, providerPage } from './pages.ts';
import { fieldErrors, type Provider, providerInput } from './provider.ts';
import { findProvider } from './provider-store.ts';

export const SERVICE = 'Provider register';

type Deps = RegisterDeps & { price: { amountCents: number; currency: string } };

/** GET / (form), POST /providers (form: 303 to the provider's page; JSON: 201 {provider_id}), GET /providers/:id. */
export function providerRoutes(app: Express, deps: Deps): void {
  app.get('/', (_req, res) => {
    sendForm(res, { id: randomUUID(), values: {}, errors: {} }, 200);
  });
  app.post('/providers', async (req, res) => {
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

async function registerByForm(deps: Deps, req: Request, res: Response): Promise<void> {
  const values: Record<string, unknown> = typeof req.body === 'object' && req.body !== null ? req.body : {};
  const offered = z.uuidv4().safeParse(values['id']);
  const id = offered.success ? offered.data : randomUUID();
  const input = providerInput.safeParse(values);
  if (!input.success) {
    sendForm(res, { id, values, errors: fieldErrors(input.error) }, 422);
    return;
  }
  await onboard(deps, input.data, {
    id,
    source: '/providers',
    canaryToken: headerText(req.headers, HEADER.canary),
  });
  res.redirect(303, `/providers/${id}`);
}

function sendForm(res: Response, form: FormState, status: number): void {
  const description = 'Register as a scholarship provider.';
  sendPage(
    res,
    { title: 'Offer a scholarship', service: SERVICE, description, body: onboardingPage(form) },
    status,
  );
}

function returnedFrom(req: Request): 'success' | 'cancel' | undefined {
  const { checkout } = req.query;
  return checkout === 'success' || checkout === 'cancel' ? checkout : undefined;
}
