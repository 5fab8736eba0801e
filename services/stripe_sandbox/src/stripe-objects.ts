/**
 * The part of Stripe's objects that this sandbox keeps, in Stripe's own field names
 * (https://docs.stripe.com/api). Amounts are integers in the currency's smallest unit, times are seconds since the epoch.
 */

/** The API version that `stripe@23` pins; events are rendered with it. A test compares it with the SDK's own constant. */
export const API_VERSION = '2026-10-28.endive';

export type Metadata = Record<string, string>;

export type LineItem = {
  id: string;
  object: 'item';
  amount_subtotal: number;
  amount_total: number;
  currency: string;
  description: string;
  quantity: number;
};

export type CheckoutSession = {
  id: string;
  object: 'checkout.session';
  amount_subtotal: number;
  amount_total: number;
  cancel_url: string | null;
  client_reference_id: string | null;
  created: number;
  currency: string;
  customer_email: string | null;
  expires_at: number;
  livemode: false;
  metadata: Metadata;
  mode: 'payment';
  payment_intent: string | null;
  payment_method_types: string[];
  payment_status: 'paid' | 'unpaid' | 'no_payment_required';
  status: 'open' | 'complete' | 'expired';
  success_url: string;
  url: string | null;
};

export type PaymentIntent = {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_received: number;
  created: number;
  currency: string;
  livemode: false;
  metadata: Metadata;
  status: 'requires_payment_method' | 'processing' | 'succeeded' | 'canceled';
};

export type Charge = {
  id: string;
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  captured: true;
  created: number;
  currency: string;
  livemode: false;
  metadata: Metadata;
  paid: true;
  payment_intent: string;
  refunded: boolean;
  status: 'succeeded';
};

export type Refund = {
  id: string;
  object: 'refund';
  amount: number;
  charge: string;
  created: number;
  currency: string;
  failure_reason?: string;
  metadata: Metadata;
  payment_intent: string;
  reason: string | null;
  status: 'succeeded' | 'failed';
};

/** What an event can be about. */
export type EventObject = CheckoutSession | PaymentIntent | Charge | Refund;

export type StripeEvent = {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: EventObject };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
};

/** As stored: with its secret. `publicEndpoint` is what Stripe shows after creation. */
export type WebhookEndpoint = {
  id: string;
  object: 'webhook_endpoint';
  api_version: string | null;
  created: number;
  description: string | null;
  enabled_events: string[];
  livemode: false;
  metadata: Metadata;
  secret: string;
  status: 'enabled' | 'disabled';
  url: string;
};

/** One event on its way to one endpoint. */
export type Delivery = {
  id: string;
  event: string;
  endpoint: string;
  state: 'pending' | 'delivered' | 'given_up';
  attempts: number;
  /** Milliseconds since the epoch. */
  next_attempt_at: number;
  /** The last answer: an HTTP status, or why there was none. Never a body. */
  last_answer: string | null;
};

/** The endpoint without its secret: Stripe returns the secret only at creation. */
export function publicEndpoint(endpoint: WebhookEndpoint): Omit<WebhookEndpoint, 'secret'> {
  const { secret: _secret, ...shown } = endpoint;
  return shown;
}
