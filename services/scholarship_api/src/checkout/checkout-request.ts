import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/, error: 'an absolute http or https address' }).max(2000);

/** The body of POST /checkout/sessions. */
export const checkoutBody = z.strictObject({
  purpose: z.literal('listing'),
  amount_cents: z.int().min(0).max(99_999_999),
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code of three capital letters'),
  /** The requester's own name for the order; the same reference again is the same order. */
  reference: z.string().regex(/^[\w.:-]{1,150}$/, '1 to 150 letters, digits and . : _ -'),
  success_url: httpUrl,
  cancel_url: httpUrl,
  /** Whom the payment is for, when a service asks on a provider's behalf. */
  provider_id: z
    .string()
    .regex(/^[\w.:-]{1,100}$/)
    .optional(),
  canary: z.string().max(500).optional(),
});

export type CheckoutBody = z.output<typeof checkoutBody>;

export type Order = {
  id: string;
  requested_by: string;
  purpose: string;
  reference: string;
  provider_id: string | null;
  amount_cents: number;
  currency: string;
  success_url: string;
  cancel_url: string;
  /** A canary token that was valid when the order was made; travels in the metadata to the webhook. */
  canary: string | null;
  attempt: number;
  session_id: string | null;
};

const PRODUCT_NAMES: Record<string, string> = { listing: 'Scholarship listing' };

/**
 * What Stripe is told about an order: references only, no personal data, on the session and on the payment intent
 * (https://docs.stripe.com/metadata). Depends on the stored order alone, so that a repeated attempt is identical.
 */
export function sessionParams(order: Order): Stripe.Checkout.SessionCreateParams {
  const metadata: Record<string, string> = {
    order_id: order.id,
    purpose: order.purpose,
    reference: order.reference,
    ...(order.provider_id === null ? {} : { provider_id: order.provider_id }),
    ...(order.canary === null ? {} : { scholar_canary: order.canary }),
  };
  return {
    mode: 'payment',
    client_reference_id: order.id,
    success_url: order.success_url,
    cancel_url: order.cancel_url,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: order.currency.toLowerCase(),
          unit_amount: order.amount_cents,
          product_data: { name: PRODUCT_NAMES[order.purpose] ?? order.purpose },
        },
      },
    ],
    metadata,
    payment_intent_data: { metadata },
  };
}

/** One key per attempt of an order (https://docs.stripe.com/api/idempotent_requests). */
export function idempotencyKey(order: Pick<Order, 'id' | 'attempt'>): string {
  return createHash('sha256').update(`${order.id}:${order.attempt}`).digest('hex');
}
