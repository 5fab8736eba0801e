/**
 * What became of an order, told from what Stripe's events left here. The order in which they came makes no difference: of
 * one payment page a payment outweighs everything, an end the waiting, and waiting an open page.
 */
export type OrderState = 'open' | 'unpaid' | 'failed' | 'expired' | 'paid' | 'partly_refunded' | 'refunded';

/** One payment page of an order. Amounts in the smallest unit. */
export type Attempt = {
  session_id: string;
  reference: string;
  opened_at: Date;
  /** Of the Stripe events about the session; see judge-event.ts. */
  outcomes: readonly string[];
  payment: { amountCents: number; currency: string; givenBackCents: number; paidAt: Date } | undefined;
  /** What was to be given back and came to nothing. */
  failedRefunds: number;
};

export type Order = {
  reference: string;
  state: OrderState;
  /** The attempt that the state is of: the paid one, else the latest. */
  attempt: Attempt;
  /** Latest first. */
  attempts: readonly Attempt[];
};

export function stateOf({ payment, outcomes }: Pick<Attempt, 'payment' | 'outcomes'>): OrderState {
  if (payment !== undefined) {
    if (payment.givenBackCents <= 0) return 'paid';
    return payment.givenBackCents < payment.amountCents ? 'partly_refunded' : 'refunded';
  }
  if (outcomes.includes('payment_failed')) return 'failed';
  if (outcomes.includes('session_expired')) return 'expired';
  return outcomes.includes('awaiting_payment') ? 'unpaid' : 'open';
}

/** The orders that these attempts (latest first) are of, the one with the latest attempt first. */
export function ordersFrom(attempts: readonly Attempt[]): Order[] {
  const byReference = Map.groupBy(attempts, ({ reference }) => reference);
  return [...byReference].flatMap(([reference, own]) => {
    const attempt = own.find(({ payment }) => payment !== undefined) ?? own[0];
    return attempt === undefined ? [] : [{ reference, state: stateOf(attempt), attempt, attempts: own }];
  });
}

/** The name under which scholarship_api and Stripe know a provider's order; `number` counts from 1. */
export function referenceOf(providerId: string, number: number): string {
  return `listing.${providerId}.${number}`;
}

/** The number of an order, for its address; undefined for a reference that is not of this service. */
export function numberOf(providerId: string, reference: string): number | undefined {
  const prefix = `listing.${providerId}.`;
  const number = reference.startsWith(prefix) ? Number(reference.slice(prefix.length)) : Number.NaN;
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
