import Stripe from 'stripe';
import type { ListEvents } from './poll-events.ts';

/** Reads events of the real Stripe, newest first, page by page (https://docs.stripe.com/api/events/list). */
export function listStripeEvents(options: {
  key: () => string | undefined;
  apiUrl?: string | undefined;
}): ListEvents {
  return ({ types, createdFromS }) => {
    const target = options.apiUrl === undefined ? undefined : new URL(options.apiUrl);
    const stripe = new Stripe(options.key() ?? '', {
      ...(target === undefined
        ? {}
        : { host: target.hostname, port: target.port, protocol: 'http' as const }),
      timeout: 10_000,
      maxNetworkRetries: 1,
      telemetry: false,
      appInfo: { name: 'scholar' },
    });
    return stripe.events.list({ types, created: { gte: createdFromS }, limit: 100 });
  };
}
