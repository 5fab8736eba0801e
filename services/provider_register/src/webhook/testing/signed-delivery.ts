import { randomUUID } from 'node:crypto';
import type { ServiceHarness } from '@scholar/runtime/testing';
import Stripe from 'stripe';

export const SECRET = 'whsec_the_present_one';
export const OLD_SECRET = 'whsec_the_old_one';

export type Change = {
  id?: string;
  type?: string;
  livemode?: boolean;
  /** Stripe's time of the event, seconds since 1970; now without it. */
  created?: number;
  session?: Record<string, unknown>;
};

/** A snapshot event as Stripe sends it, of a paid session unless changed; with an address that nobody may keep. */
export function stripeEvent(change: Change = {}) {
  return {
    id: change.id ?? `evt_${randomUUID()}`,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: change.created ?? Math.floor(Date.now() / 1000),
    livemode: change.livemode ?? false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: change.type ?? 'checkout.session.completed',
    data: {
      object: {
        id: 'cs_test_one',
        object: 'checkout.session',
        amount_total: 4900,
        currency: 'usd',
        payment_status: 'paid',
        payment_intent: 'pi_one',
        metadata: { provider_id: 'provider-1', reference: 'listing.1' },
        customer_details: { email: 'ada@example.org' },
        ...change.session,
      },
    },
  };
}

export type Delivery = {
  body?: string;
  secret?: string;
  timestamp?: number;
  signature?: string;
  headers?: Record<string, string>;
};

/** A POST to the webhook, signed as Stripe signs each: anew, whatever the age of the event. */
export function signedDelivery(event: unknown, delivery: Delivery = {}): RequestInit {
  const payload = JSON.stringify(event, null, 2);
  const { secret = SECRET, timestamp } = delivery;
  const signed = Stripe.webhooks.generateTestHeaderString({
    payload,
    secret,
    ...(timestamp ? { timestamp } : {}),
  });
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': delivery.signature ?? signed,
      ...delivery.headers,
    },
    body: delivery.body ?? payload,
  };
}

/** One delivery and its answer. */
export async function deliverTo(
  a6: ServiceHarness,
  event: unknown,
  delivery: Delivery = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await a6.fetch('/webhooks/stripe', signedDelivery(event, delivery));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
