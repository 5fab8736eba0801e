import type { NewId } from '../identifiers.ts';
import type { Change, State } from '../state/state.ts';
import {
  API_VERSION,
  type Delivery,
  type EventObject,
  type StripeEvent,
  type WebhookEndpoint,
} from '../stripe-objects.ts';

/** The changes that make an event and its delivery to every enabled endpoint that asked for its type. */
export function newEvent(
  state: State,
  what: { type: string; object: EventObject },
  context: { nowMs: number; newId: NewId; request: StripeEvent['request'] },
): Change[] {
  const event: StripeEvent = {
    id: context.newId('evt_'),
    object: 'event',
    api_version: API_VERSION,
    created: Math.floor(context.nowMs / 1000),
    data: { object: what.object },
    livemode: false,
    pending_webhooks: 0,
    request: context.request,
    type: what.type,
  };
  const deliveries = state
    .all('endpoints')
    .filter((endpoint) => wants(endpoint, what.type))
    .map((endpoint) => newDelivery(event.id, endpoint.id, context));
  return [
    { put: 'events', value: event },
    ...deliveries.map((value) => ({ put: 'deliveries' as const, value })),
  ];
}

/** A delivery that is due now. */
export function newDelivery(
  event: string,
  endpoint: string,
  context: { nowMs: number; newId: NewId },
): Delivery {
  return {
    id: context.newId('del_'),
    event,
    endpoint,
    state: 'pending',
    attempts: 0,
    next_attempt_at: context.nowMs,
    last_answer: null,
  };
}

/** Whether an endpoint gets events of this type. */
export function wants(endpoint: WebhookEndpoint, type: string): boolean {
  return (
    endpoint.status === 'enabled' &&
    endpoint.enabled_events.some((wanted) => wanted === '*' || wanted === type)
  );
}
