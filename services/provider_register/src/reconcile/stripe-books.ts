import type Stripe from 'stripe';
import { HANDLED_TYPES } from '../webhook/stripe-event.ts';
import type { StripeBooks } from './reconciler.ts';

type Environment = 'staging' | 'production';

/**
 * Reads Stripe's books page by page: https://docs.stripe.com/api/events/list (`delivery_success`) and
 * https://docs.stripe.com/api/checkout/sessions/list. The key needs the right to read events and checkout sessions.
 */
export function stripeBooks(stripe: Stripe): StripeBooks {
  return {
    undelivered: ({ fromS, untilS }) =>
      stripe.events.list({
        types: [...HANDLED_TYPES],
        delivery_success: false,
        created: { gte: fromS, lte: untilS },
        limit: 100,
      }),
    completed: (fromS) =>
      stripe.checkout.sessions.list({ status: 'complete', created: { gte: fromS }, limit: 100 }),
  };
}

/** Whether a key is of the mode that belongs to this environment; live and test money never mix. */
export function isKeyOf(environment: Environment, key: string | undefined): key is string {
  return key !== undefined && new RegExp(`^(sk|rk)_${modeOf(environment)}_\\w+$`).test(key);
}

/** What is wrong with a key that is there, in words that do not quote it; undefined when nothing is. */
export function keyFinding(environment: Environment, key: string | undefined): string | undefined {
  if (key === undefined || key === '' || isKeyOf(environment, key)) return undefined;
  return `STRIPE_SECRET_KEY is not a ${modeOf(environment)} key, which ${environment} needs: Stripe's books are not compared with the payments here`;
}

function modeOf(environment: Environment): 'live' | 'test' {
  return environment === 'production' ? 'live' : 'test';
}
