import { type PaidSession, paidSessionSchema, type StripeEvent } from './stripe-event.ts';

/**
 * What became of a Stripe event; stored in `stripe_events.outcome`, and part of the API of this service.
 *
 * payment_recorded    it paid a session: one row in payments, one PaymentSuccess.
 * already_paid        the session was paid by an earlier event; nothing happens.
 * awaiting_payment    completed, but the money is still on its way (a bank debit).
 * payment_failed      the bank debit failed.
 * session_expired     nobody paid in time.
 * livemode_mismatch   a test event in production, or a live event elsewhere; refused, and looked at again when it comes again.
 * unreadable          a session event without what a payment needs (another mode than payment, a too old API version).
 * ignored             any other type.
 */
export type Outcome =
  | 'payment_recorded'
  | 'already_paid'
  | 'awaiting_payment'
  | 'payment_failed'
  | 'session_expired'
  | 'livemode_mismatch'
  | 'unreadable'
  | 'ignored';

export type Judgement =
  | { pay: PaidSession }
  | { pay?: undefined; outcome: Exclude<Outcome, 'payment_recorded' | 'already_paid'> };

/**
 * Decides what a verified event means. Fulfil only what is paid or needs no payment
 * (https://docs.stripe.com/checkout/fulfillment); live and test mode never mix, except that a canary may pass.
 */
export function judgeEvent(
  event: StripeEvent,
  context: { environment: 'staging' | 'production'; canary: boolean },
): Judgement {
  if (event.livemode !== (context.environment === 'production') && !context.canary) {
    return { outcome: 'livemode_mismatch' };
  }
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return judgeSession(event);
    case 'checkout.session.async_payment_failed':
      return { outcome: 'payment_failed' };
    case 'checkout.session.expired':
      return { outcome: 'session_expired' };
    default:
      return { outcome: 'ignored' };
  }
}

function judgeSession(event: StripeEvent): Judgement {
  const session = paidSessionSchema.safeParse(event.data.object);
  if (!session.success) return { outcome: 'unreadable' };
  const { payment_status: status } = session.data;
  if (status === 'paid' || status === 'no_payment_required') return { pay: session.data };
  return { outcome: 'awaiting_payment' };
}

/** The canary token that an event carries in its object's metadata, unverified. */
export function canaryTokenOf(event: StripeEvent): string | undefined {
  const { metadata } = event.data.object as { metadata?: unknown };
  if (typeof metadata !== 'object' || metadata === null || !('scholar_canary' in metadata)) return undefined;
  return typeof metadata.scholar_canary === 'string' ? metadata.scholar_canary : undefined;
}
