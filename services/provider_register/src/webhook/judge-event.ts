import {
  isSettled,
  type PaidSession,
  paidSessionSchema,
  type Refund,
  type RefundedCharge,
  refundedChargeSchema,
  refundSchema,
  type StripeEvent,
} from './stripe-event.ts';

/**
 * What became of a Stripe event; stored in `stripe_events.outcome`, and part of the API of this service.
 *
 * payment_recorded    it paid a session: one row in payments, one PaymentSuccess.
 * already_paid        the session was paid by an earlier event; nothing happens.
 * awaiting_payment    completed, but the money is still on its way (a bank debit).
 * payment_failed      the bank debit failed.
 * session_expired     nobody paid in time.
 * refund_recorded     what was given back of a payment is written down; the PaymentSuccess stays what it was.
 * refund_failed       a refund came to nothing: what it gave back counts as paid again.
 * refund_noted        one refund, made or going on, is written down by itself.
 * canary_late         it carries a canary token of ours whose time is over; never a payment of somebody.
 * livemode_mismatch   a test event in production, or a live event elsewhere; refused, and looked at again when it comes again.
 * unreadable          without what a payment or a refund needs (another mode than payment, a too old API version).
 * ignored             any other type.
 */
export type Outcome =
  | 'payment_recorded'
  | 'already_paid'
  | 'awaiting_payment'
  | 'payment_failed'
  | 'session_expired'
  | 'refund_recorded'
  | 'refund_failed'
  | 'refund_noted'
  | 'canary_late'
  | 'livemode_mismatch'
  | 'unreadable'
  | 'ignored';

export type Judgement =
  | { kind: 'pay'; session: PaidSession }
  | { kind: 'refund'; charge: RefundedCharge }
  | { kind: 'single_refund'; refund: Refund }
  | {
      kind: 'note';
      outcome: Exclude<
        Outcome,
        'payment_recorded' | 'already_paid' | 'refund_recorded' | 'refund_failed' | 'refund_noted'
      >;
    };

/** What the canary tokens of an event prove: a probe of now, one that comes too late, or nothing. */
export type CanaryProof = 'valid' | 'late' | 'none';

/**
 * Decides what a verified event means. Fulfil only what is paid or needs no payment
 * (https://docs.stripe.com/checkout/fulfillment); live and test mode never mix, except that a canary may pass.
 */
export function judgeEvent(
  event: StripeEvent,
  context: { environment: 'staging' | 'production'; canary: CanaryProof },
): Judgement {
  if (event.livemode !== (context.environment === 'production') && context.canary !== 'valid') {
    return note('livemode_mismatch');
  }
  // Stripe repeats for three days, a token lives for minutes: taken for absent, a late probe would be somebody's money.
  if (context.canary === 'late') return note('canary_late');
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return judgeSession(event);
    case 'checkout.session.async_payment_failed':
      return note('payment_failed');
    case 'checkout.session.expired':
      return note('session_expired');
    case 'charge.refunded':
      return judgeCharge(event);
    case 'refund.created':
    case 'refund.failed':
    case 'refund.updated':
    case 'charge.refund.updated':
      return judgeRefund(event);
    default:
      return note('ignored');
  }
}

function note(outcome: Extract<Judgement, { kind: 'note' }>['outcome']): Judgement {
  return { kind: 'note', outcome };
}

function judgeSession(event: StripeEvent): Judgement {
  const session = paidSessionSchema.safeParse(event.data.object);
  if (!session.success) return note('unreadable');
  return isSettled(session.data) ? { kind: 'pay', session: session.data } : note('awaiting_payment');
}

function judgeRefund(event: StripeEvent): Judgement {
  const refund = refundSchema.safeParse(event.data.object);
  return refund.success ? { kind: 'single_refund', refund: refund.data } : note('unreadable');
}

function judgeCharge(event: StripeEvent): Judgement {
  const charge = refundedChargeSchema.safeParse(event.data.object);
  return charge.success ? { kind: 'refund', charge: charge.data } : note('unreadable');
}

/** The canary token that an event carries in its object's metadata, unverified. */
export function canaryTokenOf(event: StripeEvent): string | undefined {
  const { metadata } = event.data.object as { metadata?: unknown };
  if (typeof metadata !== 'object' || metadata === null || !('scholar_canary' in metadata)) return undefined;
  return typeof metadata.scholar_canary === 'string' ? metadata.scholar_canary : undefined;
}
