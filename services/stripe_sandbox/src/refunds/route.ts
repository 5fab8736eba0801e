import type { Express } from 'express';
import { z } from 'zod';
import type { ApiRequest } from '../api/api-route.ts';
import { createdMatches, createdParam } from '../api/created.ts';
import { paginate } from '../api/list.ts';
import { expandParam, listParams, parseParams } from '../api/params.ts';
import { noSuch } from '../api/stripe-error.ts';
import { type CheckoutDeps, contextOf } from '../checkout/route.ts';
import type { Refund } from '../stripe-objects.ts';
import { intentIdOf } from './charge.ts';
import { chargeIn, createRefundParams, refund } from './refund-changes.ts';

const listRefundsParams = z.strictObject({
  ...listParams,
  created: createdParam,
  payment_intent: z.string().optional(),
  charge: z.string().optional(),
});
const expandOnly = z.strictObject({ expand: expandParam });

/** /v1/refunds (make, list, read) and GET /v1/charges/:id. A refund is made at once; /sandbox/refunds lets one fail. */
export function refundRoutes(app: Express, deps: CheckoutDeps): void {
  const { state, route } = deps;
  const shown = (one: Refund, expand: readonly string[] | undefined): unknown =>
    expand?.includes('charge') ? { ...one, charge: chargeIn(state, one.payment_intent) ?? null } : one;
  app.post(
    '/v1/refunds',
    route((request: ApiRequest) => {
      const params = parseParams(createRefundParams, request.params);
      const made = refund(state, params, contextOf(deps, request));
      return { body: made.refund, changes: made.changes };
    }),
  );
  app.get(
    '/v1/refunds',
    route((request) => {
      const params = parseParams(listRefundsParams, request.params);
      const found = state
        .all('refunds')
        .reverse()
        .filter((one) => createdMatches(one.created, params.created))
        .filter((one) => params.payment_intent === undefined || one.payment_intent === params.payment_intent)
        .filter((one) => params.charge === undefined || one.charge === params.charge);
      const page = paginate(found, params, '/v1/refunds');
      const expand = params.expand?.map((path) => path.replace(/^data\./, ''));
      return { body: { ...page, data: page.data.map((one) => shown(one, expand)) } };
    }),
  );
  app.get(
    '/v1/refunds/:id',
    route((request) => {
      const { expand } = parseParams(expandOnly, request.params);
      const found = state.get('refunds', request.id);
      if (found === undefined) throw noSuch('refund', request.id);
      return { body: shown(found, expand) };
    }),
  );
  app.get(
    '/v1/charges/:id',
    route((request) => {
      parseParams(expandOnly, request.params);
      const charge = chargeIn(state, intentIdOf(request.id));
      if (charge === undefined) throw noSuch('charge', request.id);
      return { body: charge };
    }),
  );
}
