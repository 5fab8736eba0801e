import type { Express } from 'express';
import { z } from 'zod';
import type { createApiRoute } from '../api/api-route.ts';
import { createdMatches, createdParam } from '../api/created.ts';
import { paginate } from '../api/list.ts';
import { expandParam, listParams, parseParams } from '../api/params.ts';
import { invalidRequest, noSuch } from '../api/stripe-error.ts';
import type { State } from '../state/state.ts';
import type { StripeEvent } from '../stripe-objects.ts';

const listEventsParams = z.strictObject({
  ...listParams,
  type: z.string().optional(),
  types: z.array(z.string()).max(20).optional(),
  delivery_success: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  created: createdParam,
});

type ListEventsParams = z.output<typeof listEventsParams>;

/** GET /v1/events and /v1/events/:id. */
export function eventRoutes(
  app: Express,
  deps: { state: State; route: ReturnType<typeof createApiRoute> },
): void {
  const { state, route } = deps;
  app.get(
    '/v1/events',
    route((request) => {
      const params = parseParams(listEventsParams, request.params);
      if (params.type !== undefined && params.types !== undefined) {
        throw invalidRequest('You may pass either `type` or `types`, but not both.', { param: 'types' });
      }
      const pending = pendingDeliveries(state);
      const found = state
        .all('events')
        .reverse()
        .filter((event) => matches(event, params, pending));
      const page = paginate(found, params, '/v1/events');
      return { body: { ...page, data: page.data.map((event) => withPending(event, pending)) } };
    }),
  );
  app.get(
    '/v1/events/:id',
    route((request) => {
      parseParams(z.strictObject({ expand: expandParam }), request.params);
      const event = state.get('events', request.id);
      if (event === undefined) throw noSuch('event', request.id);
      return { body: withPending(event, pendingDeliveries(state)) };
    }),
  );
}

/** The event with the number of its deliveries that have not succeeded yet. */
export function withPending(event: StripeEvent, pending: ReadonlyMap<string, number>): StripeEvent {
  return { ...event, pending_webhooks: pending.get(event.id) ?? 0 };
}

/** How many deliveries have not succeeded yet, by event id; counted once for a whole list. */
export function pendingDeliveries(state: State): Map<string, number> {
  const pending = new Map<string, number>();
  for (const delivery of state.all('deliveries')) {
    if (delivery.state !== 'delivered') pending.set(delivery.event, (pending.get(delivery.event) ?? 0) + 1);
  }
  return pending;
}

function matches(
  event: StripeEvent,
  params: ListEventsParams,
  pending: ReadonlyMap<string, number>,
): boolean {
  const types = params.types ?? (params.type === undefined ? undefined : [params.type]);
  if (types !== undefined && !types.some((wanted) => typeMatches(wanted, event.type))) return false;
  if (params.delivery_success !== undefined && params.delivery_success === pending.has(event.id))
    return false;
  return createdMatches(event.created, params.created);
}

function typeMatches(wanted: string, type: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type;
}
