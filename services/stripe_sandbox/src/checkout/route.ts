import type { Express } from 'express';
import { z } from 'zod';
import type { ApiRequest, createApiRoute } from '../api/api-route.ts';
import { createdMatches, createdParam } from '../api/created.ts';
import { paginate } from '../api/list.ts';
import { expandParam, listParams, parseParams } from '../api/params.ts';
import { invalidRequest, noSuch } from '../api/stripe-error.ts';
import type { NewId } from '../identifiers.ts';
import type { State } from '../state/state.ts';
import type { CheckoutSession } from '../stripe-objects.ts';
import { createSession, createSessionParams } from './create-session.ts';
import { expiryChanges, type SettleContext, sessionChanges } from './session-changes.ts';

export type CheckoutDeps = {
  state: State;
  route: ReturnType<typeof createApiRoute>;
  now: () => number;
  newId: NewId;
};

const listSessionsParams = z.strictObject({
  ...listParams,
  created: createdParam,
  payment_intent: z.string().optional(),
  status: z.enum(['open', 'complete', 'expired']).optional(),
});
const expandOnly = z.strictObject({ expand: expandParam });

/** /v1/checkout/sessions, its members, and GET /v1/payment_intents/:id. */
export function checkoutRoutes(app: Express, deps: CheckoutDeps): void {
  const { state, route } = deps;
  app.post('/v1/checkout/sessions', route(create(deps)));
  app.get(
    '/v1/checkout/sessions',
    route((request) => {
      const params = parseParams(listSessionsParams, request.params);
      const found = state
        .all('sessions')
        .reverse()
        .filter((session) => createdMatches(session.created, params.created))
        .filter((session) => params.status === undefined || session.status === params.status)
        .filter(
          (session) =>
            params.payment_intent === undefined || session.payment_intent === params.payment_intent,
        );
      const page = paginate(found, params, '/v1/checkout/sessions');
      const expand = params.expand?.map((path) => path.replace(/^data\./, ''));
      return { body: { ...page, data: page.data.map((session) => expanded(session, expand, state)) } };
    }),
  );
  app.get(
    '/v1/checkout/sessions/:id',
    route((request) => {
      const { expand } = parseParams(expandOnly, request.params);
      const changes = expiryChanges(state, request.id, contextOf(deps, request));
      const session = changed(changes) ?? state.get('sessions', request.id);
      if (session === undefined) throw noSuch('checkout.session', request.id);
      return { body: expanded(session, expand, state), changes };
    }),
  );
  app.get(
    '/v1/checkout/sessions/:id/line_items',
    route((request) => {
      const items = state.get('lineItems', request.id);
      if (items === undefined) throw noSuch('checkout.session', request.id);
      const url = `/v1/checkout/sessions/${request.id}/line_items`;
      return { body: { object: 'list', url, has_more: false, data: items.items } };
    }),
  );
  app.post('/v1/checkout/sessions/:id/expire', route(expire(deps)));
  app.get(
    '/v1/payment_intents/:id',
    route((request) => {
      parseParams(expandOnly, request.params);
      const intent = state.get('paymentIntents', request.id);
      if (intent === undefined) throw noSuch('payment_intent', request.id);
      return { body: intent };
    }),
  );
}

function create(deps: CheckoutDeps): Parameters<CheckoutDeps['route']>[0] {
  return (request) => {
    const params = parseParams(createSessionParams, request.params);
    const made = createSession(params, {
      nowS: Math.floor(deps.now() / 1000),
      newId: deps.newId,
      payUrl: (id) => `${request.baseUrl}/pay/${id}`,
    });
    const { session, intent, items } = made;
    return {
      body: {
        ...session,
        ...(params.expand?.includes('payment_intent') ? { payment_intent: intent ?? null } : {}),
        ...(params.expand?.includes('line_items') ? { line_items: itemList(session.id, items) } : {}),
      },
      changes: [
        { put: 'sessions', value: session },
        { put: 'lineItems', value: { id: session.id, items } },
        ...(intent === undefined ? [] : [{ put: 'paymentIntents' as const, value: intent }]),
      ],
    };
  };
}

function expire(deps: CheckoutDeps): Parameters<CheckoutDeps['route']>[0] {
  return (request) => {
    if (deps.state.get('sessions', request.id) === undefined) throw noSuch('checkout.session', request.id);
    const changes = sessionChanges(deps.state, request.id, { ...contextOf(deps, request), action: 'expire' });
    if (typeof changes === 'string') {
      throw invalidRequest(`Only Checkout Sessions with a status in ["open"] can be expired. ${changes}`);
    }
    return { body: changed(changes), changes };
  };
}

/** What a request of the API brings to the changes that it causes. */
export function contextOf(deps: CheckoutDeps, request: ApiRequest): SettleContext {
  return {
    nowMs: deps.now(),
    newId: deps.newId,
    request: { id: request.requestId, idempotency_key: request.idempotencyKey ?? null },
  };
}

function changed(changes: ReturnType<typeof expiryChanges>): CheckoutSession | undefined {
  for (const change of changes) if ('put' in change && change.put === 'sessions') return change.value;
  return undefined;
}

function expanded(session: CheckoutSession, expand: readonly string[] | undefined, state: State): unknown {
  if (expand === undefined) return session;
  const intent = session.payment_intent === null ? null : state.get('paymentIntents', session.payment_intent);
  const items = state.get('lineItems', session.id)?.items ?? [];
  return {
    ...session,
    ...(expand.includes('payment_intent') ? { payment_intent: intent } : {}),
    ...(expand.includes('line_items') ? { line_items: itemList(session.id, items) } : {}),
  };
}

function itemList(sessionId: string, data: readonly unknown[]): unknown {
  return { object: 'list', url: `/v1/checkout/sessions/${sessionId}/line_items`, has_more: false, data };
}
