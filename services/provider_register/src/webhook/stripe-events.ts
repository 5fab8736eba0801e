import type { ListEvents } from './poll-events.ts';
import { createStripeReader } from './stripe-client.ts';

/** Reads events of the real Stripe, newest first, page by page (https://docs.stripe.com/api/events/list). */
export function listStripeEvents(options: {
  key: () => string | undefined;
  apiUrl?: string | undefined;
}): ListEvents {
  return ({ types, createdFromS }) => {
    const stripe = createStripeReader({ key: options.key() ?? '', apiUrl: options.apiUrl });
    return stripe.events.list({ types, created: { gte: createdFromS }, limit: 100 });
  };
}
