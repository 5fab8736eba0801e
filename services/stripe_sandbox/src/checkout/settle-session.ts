/**
 * The life of a session, as pure steps. open → complete (paid | unpaid while a bank debit is under way) | expired;
 * complete and unpaid → paid | stays unpaid when the debit failed. Each step says which events Stripe would create.
 */
import type { CheckoutSession, PaymentIntent } from '../stripe-objects.ts';

/** `pay`: a card, paid at once. `pay_later`: a bank debit, paid or failed afterwards by `settle` or `fail`. */
export type PaymentAction = 'pay' | 'pay_later' | 'settle' | 'fail' | 'expire';

export type Step = {
  session: CheckoutSession;
  intent: PaymentIntent | undefined;
  events: { type: string; object: CheckoutSession | PaymentIntent }[];
};

/** The state after an action, or a sentence that says why the action is not possible now. */
export function settleSession(
  action: PaymentAction,
  session: CheckoutSession,
  intent: PaymentIntent | undefined,
): Step | string {
  if (action === 'pay' || action === 'pay_later' || action === 'expire') {
    if (session.status !== 'open') return `This session is ${session.status}, not open.`;
    if (action === 'expire') return expire(session, intent);
    return action === 'pay' ? pay(session, intent) : payLater(session, intent);
  }
  if (session.status !== 'complete' || session.payment_status !== 'unpaid')
    return 'No payment is under way here.';
  if (intent?.status !== 'processing') return 'The payment under way has ended already.';
  return action === 'settle' ? settle(session, intent) : fail(session, intent);
}

function pay(session: CheckoutSession, intent: PaymentIntent | undefined): Step {
  const paid: CheckoutSession = {
    ...session,
    status: 'complete',
    payment_status: intent === undefined ? 'no_payment_required' : 'paid',
    url: null,
  };
  const done = intent && succeeded(intent);
  return {
    session: paid,
    intent: done,
    events: [
      ...(done === undefined ? [] : [{ type: 'payment_intent.succeeded', object: done }]),
      { type: 'checkout.session.completed', object: paid },
    ],
  };
}

function payLater(session: CheckoutSession, intent: PaymentIntent | undefined): Step {
  if (intent === undefined) return pay(session, intent);
  const waiting: CheckoutSession = { ...session, status: 'complete', payment_status: 'unpaid', url: null };
  const processing: PaymentIntent = { ...intent, status: 'processing' };
  return {
    session: waiting,
    intent: processing,
    events: [
      { type: 'payment_intent.processing', object: processing },
      { type: 'checkout.session.completed', object: waiting },
    ],
  };
}

function settle(session: CheckoutSession, intent: PaymentIntent): Step {
  const paid: CheckoutSession = { ...session, payment_status: 'paid' };
  const done = succeeded(intent);
  return {
    session: paid,
    intent: done,
    events: [
      { type: 'payment_intent.succeeded', object: done },
      { type: 'checkout.session.async_payment_succeeded', object: paid },
    ],
  };
}

function fail(session: CheckoutSession, intent: PaymentIntent): Step {
  const failed: PaymentIntent = { ...intent, status: 'requires_payment_method' };
  return {
    session,
    intent: failed,
    events: [
      { type: 'payment_intent.payment_failed', object: failed },
      { type: 'checkout.session.async_payment_failed', object: session },
    ],
  };
}

function expire(session: CheckoutSession, intent: PaymentIntent | undefined): Step {
  const expired: CheckoutSession = { ...session, status: 'expired', url: null };
  const canceled: PaymentIntent | undefined = intent && { ...intent, status: 'canceled' };
  return {
    session: expired,
    intent: canceled,
    events: [{ type: 'checkout.session.expired', object: expired }],
  };
}

function succeeded(intent: PaymentIntent): PaymentIntent {
  return { ...intent, status: 'succeeded', amount_received: intent.amount };
}
