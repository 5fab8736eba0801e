import { keyKind, type StripeKeySeen } from '../doctor/stripe-key.ts';
import { gatherStripe, type StripeAccess, stripeClient } from './stripe-endpoints.ts';

/** Asks Stripe, or the sandbox, for what the key has to be good for. Reads one object of a kind at most and changes nothing. */
export async function askStripeKey(access: StripeAccess): Promise<StripeKeySeen> {
  const stripe = stripeClient(access);
  const [{ real, error: endpoints }, events, sessions, refunds] = await Promise.all([
    gatherStripe(access),
    refusal(() => stripe.events.list({ limit: 1 })),
    refusal(() => stripe.checkout.sessions.list({ limit: 1 })),
    refusal(() => stripe.refunds.list({ limit: 1 })),
  ]);
  return { real, ...keyKind(access.secretKey), refused: { endpoints, events, sessions, refunds } };
}

async function refusal(ask: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await ask();
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
