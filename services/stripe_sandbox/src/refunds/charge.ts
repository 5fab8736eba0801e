import type { Charge, PaymentIntent, Refund } from '../stripe-objects.ts';

/** The id of the one charge of an intent: it can be told from the intent alone, so that nothing more is kept. */
export function chargeIdOf(intentId: string): string {
  return intentId.replace(/^pi_/, 'ch_');
}

/** The intent of a charge, likewise. */
export function intentIdOf(chargeId: string): string {
  return chargeId.replace(/^ch_/, 'pi_');
}

/** The charge of a paid intent as it stands after these refunds; undefined while nothing was paid. A failed refund gives nothing back. */
export function chargeOf(intent: PaymentIntent, refunds: readonly Refund[]): Charge | undefined {
  if (intent.status !== 'succeeded') return undefined;
  const refunded = refunds.filter(({ status }) => status === 'succeeded');
  const amountRefunded = refunded.reduce((sum, { amount }) => sum + amount, 0);
  return {
    id: chargeIdOf(intent.id),
    object: 'charge',
    amount: intent.amount,
    amount_captured: intent.amount,
    amount_refunded: amountRefunded,
    captured: true,
    created: intent.created,
    currency: intent.currency,
    livemode: false,
    metadata: intent.metadata,
    paid: true,
    payment_intent: intent.id,
    refunded: amountRefunded === intent.amount,
    status: 'succeeded',
  };
}
