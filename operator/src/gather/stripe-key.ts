import { keyKind, type StripeKeySeen } from '../doctor/stripe-key.ts';
import { gatherStripe, type StripeAccess, stripeClient } from './stripe-endpoints.ts';

/** Asks Stripe, or the sandbox, for what the key has to be good for. Reads one event at most and changes nothing. */
export async function askStripeKey(access: StripeAccess): Promise<StripeKeySeen> {
  const [{ real, error: endpoints }, events] = await Promise.all([
    gatherStripe(access),
    eventsRefused(access),
  ]);
  return { real, ...keyKind(access.secretKey), refused: { endpoints, events } };
}

async function eventsRefused(access: StripeAccess): Promise<string | undefined> {
  try {
    await stripeClient(access).events.list({ limit: 1 });
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
