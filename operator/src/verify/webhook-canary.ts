import Stripe from 'stripe';
import type { Question } from '../gather/http-client.ts';

export interface WebhookCanary {
  url: string;
  secret: string;
  canaryId: string;
  headers: Record<string, string>;
  nowMs: number;
}

/**
 * A checkout.session.completed as Stripe would send it, signed with A6's own webhook secret: it proves route, secret and
 * raw-body verification at once. Shape: Stripe's API reference, Event and Checkout Session.
 */
export function signedWebhook({ url, secret, canaryId, headers, nowMs }: WebhookCanary): Question {
  const body = JSON.stringify(paidSession(canaryId, Math.floor(nowMs / 1_000)));
  const signature = new Stripe('sk_test_signing_only').webhooks.generateTestHeaderString({
    payload: body,
    secret,
    timestamp: Math.floor(nowMs / 1_000),
  });
  return {
    url,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'stripe-signature': signature },
    body,
    timeoutMs: 10_000,
  };
}

function paidSession(canaryId: string, created: number): unknown {
  const id = canaryId.replaceAll('-', '');
  return {
    id: `evt_canary_${id}`,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: 'checkout.session.completed',
    data: {
      object: {
        id: `cs_test_canary_${id}`,
        object: 'checkout.session',
        amount_total: 4900,
        currency: 'usd',
        livemode: false,
        mode: 'payment',
        payment_status: 'paid',
        status: 'complete',
        payment_intent: `pi_canary_${id}`,
        client_reference_id: null,
        metadata: {},
      },
    },
  };
}
