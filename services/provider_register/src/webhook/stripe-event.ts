import { z } from 'zod';

/**
 * The part of Stripe's snapshot event that is read here (https://docs.stripe.com/api/events/object). Everything else
 * may change with the API version without harm.
 */
export const stripeEventSchema = z.object({
  id: z.string().min(1).max(255),
  object: z.literal('event'),
  type: z.string().min(1).max(255),
  livemode: z.boolean(),
  created: z.number().optional(),
  data: z.object({ object: z.looseObject({ id: z.string().optional() }) }),
});

export type StripeEvent = z.output<typeof stripeEventSchema>;

/** The part of a checkout session that a payment is made of (https://docs.stripe.com/api/checkout/sessions/object). */
export const paidSessionSchema = z.object({
  id: z.string().min(1).max(255),
  amount_total: z.int().min(0),
  currency: z.string().regex(/^[A-Za-z]{3}$/),
  payment_status: z.string(),
  payment_intent: z
    .union([z.string(), z.object({ id: z.string() }).transform((intent) => intent.id)])
    .nullish()
    .transform((value) => value ?? null),
  metadata: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? {}),
});

export type PaidSession = z.output<typeof paidSessionSchema>;

/** Whether nothing is left to pay of a session: only then is it fulfilled (https://docs.stripe.com/checkout/fulfillment). */
export function isSettled({ payment_status: status }: { payment_status: string }): boolean {
  return status === 'paid' || status === 'no_payment_required';
}

const intentId = z
  .union([z.string(), z.object({ id: z.string() }).transform((intent) => intent.id)])
  .pipe(z.string().min(1).max(255));

/** The part of a charge that says what was given back of it, in all (https://docs.stripe.com/api/charges/object). */
export const refundedChargeSchema = z.object({
  payment_intent: intentId,
  amount_refunded: z.int().min(0),
  currency: z.string().regex(/^[A-Za-z]{3}$/),
});

export type RefundedCharge = z.output<typeof refundedChargeSchema>;

/** The part of a refund that says what became of it (https://docs.stripe.com/api/refunds/object). */
export const refundSchema = z.object({
  id: z.string().min(1).max(255),
  payment_intent: intentId,
  amount: z.int().min(0),
  currency: z.string().regex(/^[A-Za-z]{3}$/),
  status: z.string(),
});

export type Refund = z.output<typeof refundSchema>;

/** Whether nothing is given back by this refund: both are for good (https://docs.stripe.com/refunds#failed-refunds). */
export function hasFailed({ status }: Pick<Refund, 'status'>): boolean {
  return status === 'failed' || status === 'canceled';
}

/** The types that this service acts upon; an endpoint in Stripe's dashboard needs at least these. */
export const HANDLED_TYPES = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'charge.refunded',
  'refund.created',
  'refund.failed',
  'refund.updated',
  // What endpoints of older API versions get instead of the three before.
  'charge.refund.updated',
] as const;
