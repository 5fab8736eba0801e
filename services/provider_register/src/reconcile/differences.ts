/** A difference between what Stripe says was paid and what was written down here; each becomes a sentence of /running. */
export type Difference =
  | { kind: 'undelivered'; eventId: string; type: string; outcome: string }
  | { kind: 'unrecorded'; sessionId: string; outcome: string }
  | { kind: 'other_refund'; chargeId: string; outcome: string }
  | { kind: SessionDifference | 'unknown_at_stripe' | 'unpaid_at_stripe'; sessionId: string }
  | { kind: 'unasked'; count: number };

/** Told, and never repaired: which side is right only a person can tell. */
type SessionDifference = 'other_amount' | 'other_mode';

/** The part of a session of Stripe that is compared. */
export type SessionAtStripe = {
  id: string;
  amount_total: number | null;
  currency: string | null;
  payment_status: string;
  livemode: boolean;
};

/** What is known here of a session: its payment if there is one, and the mode of the event that told it. */
export type SessionHere = {
  amountCents: number | undefined;
  currency: string | undefined;
  livemode: boolean | undefined;
};

/** How a paid session of Stripe stands here; undefined when both sides agree. */
export function compareSession(
  atStripe: SessionAtStripe,
  here: SessionHere | undefined,
): 'unrecorded' | SessionDifference | undefined {
  if (here === undefined) return 'unrecorded';
  // Settled without a payment of its own: a canary, whose row goes after a day.
  if (here.amountCents === undefined) return undefined;
  if (here.livemode !== atStripe.livemode) return 'other_mode';
  const same =
    here.amountCents === atStripe.amount_total && here.currency === atStripe.currency?.toUpperCase();
  return same ? undefined : 'other_amount';
}

const MOST_TOLD = 20;

/** The differences of a look in words, without a name or an amount; of many only the first, and how many there are. */
export function asFindings(differences: readonly Difference[]): string[] {
  const told = differences.slice(0, MOST_TOLD).map(sentence);
  const more = differences.length - told.length;
  return more === 0 ? told : [...told, `${more} more differences between Stripe and the payments here`];
}

function sentence(difference: Difference): string {
  switch (difference.kind) {
    case 'undelivered':
      return `Stripe could not deliver ${difference.type} (${difference.eventId}); it was read from Stripe instead and became ${difference.outcome}: look at the webhook endpoint`;
    case 'unrecorded':
      return `Stripe says that ${difference.sessionId} was paid and no webhook told it; it was read from Stripe instead and became ${difference.outcome}: look at the webhook endpoint`;
    case 'other_refund':
      return `Stripe has given back another amount of ${difference.chargeId} than webhooks told; it was read from Stripe instead and became ${difference.outcome}: look at the webhook endpoint`;
    case 'other_amount':
      return `the payment of ${difference.sessionId} has another amount or currency at Stripe than here: compare both by hand`;
    case 'other_mode':
      return `the payment of ${difference.sessionId} is of the other mode (live or test) at Stripe than here: compare both by hand`;
    case 'unpaid_at_stripe':
      return `the payment of ${difference.sessionId} is written down here, and Stripe says that it was not paid: compare both by hand`;
    case 'unknown_at_stripe':
      return `the payment of ${difference.sessionId} is written down here, and Stripe does not know its session: look whether STRIPE_SECRET_KEY and the webhook endpoint are of the same account`;
    case 'unasked':
      return `${difference.count} payments that are not among Stripe's paid sessions were not asked for one by one: end what the other findings name first`;
  }
}
