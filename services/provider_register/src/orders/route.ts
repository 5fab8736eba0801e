import { HttpProblem, prefersHtml, sendPage } from '@scholar/runtime/http';
import type { Express } from 'express';
import type { RegisterDeps } from '../deps.ts';
import { SERVICE } from '../pages/show-page.ts';
import { ownProvider } from '../providers/own-provider.ts';
import { nextStep } from './next-step.ts';
import { type Order, referenceOf, stateOf } from './order.ts';
import { orderPage } from './order-page.ts';
import { ordersOf } from './order-store.ts';

/**
 * GET /providers/:id/orders/:number: where an order stands and what to do next, as a page or as JSON
 * `{number, reference, state, next, attempts: [{session_id, state, opened_at}]}`. 404 for one of another provider.
 */
export function orderRoute(app: Express, deps: RegisterDeps): void {
  app.get('/providers/:id/orders/:number', async (req, res) => {
    const provider = await ownProvider(deps, req, res);
    const number = Number(req.params.number);
    const wanted = referenceOf(provider.id, number);
    const order = (await ordersOf(deps.pool, provider.id)).find(({ reference }) => reference === wanted);
    if (order === undefined) {
      throw new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no such order.' });
    }
    if (prefersHtml(req)) {
      sendPage(res, { title: `Order ${number}`, service: SERVICE, body: orderPage(provider, order) });
    } else res.json({ number, ...asJson(order) });
  });
}

function asJson(order: Order) {
  const { reference, state, attempts } = order;
  return {
    ...{ reference, state, next: nextStep(order).next },
    attempts: attempts.map((attempt) => ({
      session_id: attempt.session_id,
      state: stateOf(attempt),
      opened_at: attempt.opened_at,
    })),
  };
}
