import Stripe from 'stripe';
import { HANDLED_TYPES } from '../webhook/stripe-event.ts';
import type { StripeBooks } from './books.ts';

type Environment = 'staging' | 'production';

/**
 * Reads Stripe's books page by page: https://docs.stripe.com/api/events/list (`delivery_success`) and
 * https://docs.stripe.com/api/checkout/sessions/list, https://docs.stripe.com/api/refunds/list. The key needs the right to
 * read events, checkout sessions, and charges with their refunds.
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
    async session(id) {
      try {
        return await stripe.checkout.sessions.retrieve(id);
      } catch (error) {
        if (error instanceof Stripe.errors.StripeError && error.code === 'resource_missing') return undefined;
        throw error;
      }
    },
    refunds: (fromS) => stripe.refunds.list({ created: { gte: fromS }, limit: 100, expand: ['data.charge'] }),
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
