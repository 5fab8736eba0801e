import { z } from 'zod';
import { expandParam, formInteger, metadataParam } from '../api/params.ts';
import { invalidRequest, noSuch } from '../api/stripe-error.ts';
import type { SettleContext } from '../checkout/session-changes.ts';
import { newEvent } from '../events/new-event.ts';
import type { Change, State } from '../state/state.ts';
import type { Charge, PaymentIntent, Refund } from '../stripe-objects.ts';
import { chargeOf, intentIdOf } from './charge.ts';

/** The parameters of POST /v1/refunds that the sandbox knows (https://docs.stripe.com/api/refunds/create). */
export const createRefundParams = z.strictObject({
  payment_intent: z.string().optional(),
  charge: z.string().optional(),
  amount: formInteger.pipe(z.number().min(1)).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: metadataParam.default({}),
  expand: expandParam,
});

/** The charge of a payment intent, and its refunds, oldest first. */
export function chargeIn(state: State, intentId: string): Charge | undefined {
  const intent = state.get('paymentIntents', intentId);
  return intent && chargeOf(intent, refundsOf(state, intent));
}

/**
 * A refund of the whole rest, or of `amount`, with what Stripe then says.
 * @throws StripeApiError for an unknown or unpaid intent, and for more than is left.
 */
export function refund(
  state: State,
  params: z.output<typeof createRefundParams>,
  context: SettleContext,
): { refund: Refund; changes: Change[] } {
  const id = params.payment_intent ?? (params.charge === undefined ? undefined : intentIdOf(params.charge));
  if (id === undefined) {
    throw invalidRequest('One of the following params should be provided: payment_intent or charge.');
  }
  const intent = state.get('paymentIntents', id);
  if (intent === undefined) throw noSuch('payment_intent', id);
  const before = chargeOf(intent, refundsOf(state, intent));
  if (before === undefined) {
    throw invalidRequest('This PaymentIntent does not have a successful charge to refund.');
  }
  const left = before.amount - before.amount_refunded;
  if (left === 0) {
    throw invalidRequest(`Charge ${before.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  const amount = params.amount ?? left;
  if (amount > left) {
    const message = `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`;
    throw invalidRequest(message, { param: 'amount' });
  }
  const made: Refund = {
    id: context.newId('re_'),
    object: 'refund',
    amount,
    charge: before.id,
    created: Math.floor(context.nowMs / 1000),
    currency: intent.currency,
    metadata: params.metadata,
    payment_intent: intent.id,
    reason: params.reason ?? null,
    status: 'succeeded',
  };
  return { refund: made, changes: told(state, intent, { refund: made, types: ['refund.created'] }, context) };
}

/**
 * A refund that the bank sent back: its money is the merchant's again (https://docs.stripe.com/refunds#failed-refunds).
 * @returns a sentence instead when it has failed before.
 */
export function failRefund(state: State, found: Refund, context: SettleContext): Change[] | string {
  const intent = state.get('paymentIntents', found.payment_intent);
  if (found.status === 'failed' || intent === undefined) return 'This refund has failed already.';
  const failed: Refund = { ...found, status: 'failed', failure_reason: 'expired_or_canceled_card' };
  const types = ['refund.updated', 'charge.refund.updated', 'refund.failed'];
  return told(state, intent, { refund: failed, types }, context);
}

/** The changes of a refund with its events; a new one also changes its charge. */
function told(
  state: State,
  intent: PaymentIntent,
  step: { refund: Refund; types: readonly string[] },
  context: SettleContext,
): Change[] {
  const { refund: made, types } = step;
  const others = refundsOf(state, intent).filter(({ id }) => id !== made.id);
  const charge = made.status === 'succeeded' ? chargeOf(intent, [...others, made]) : undefined;
  return [
    { put: 'refunds', value: made },
    ...types.flatMap((type) => newEvent(state, { type, object: made }, context)),
    ...(charge === undefined ? [] : newEvent(state, { type: 'charge.refunded', object: charge }, context)),
  ];
}

function refundsOf(state: State, { id }: PaymentIntent): Refund[] {
  return state.all('refunds').filter(({ payment_intent }) => payment_intent === id);
}
