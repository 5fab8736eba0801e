import { HttpProblem } from '@scholar/runtime/http';
import type Stripe from 'stripe';
import { createStripeClient } from './stripe-client.ts';
import { judgeStripeKey } from './stripe-key.ts';

export type StripeAccess = {
  /** @throws HttpProblem 503 `stripe_not_configured` or `stripe_key_refused`, saying what to do. */
  client(): Stripe;
  /** What is wrong with the key, for /running; empty when it can be used or is merely absent (`missing` tells that). */
  findings(): string[];
};

/**
 * The SDK for the key of the moment: the key is read at each use, so a corrected file works without a restart, and the
 * client is kept as long as the key stays.
 */
export function createStripeAccess(options: {
  key: () => string | undefined;
  environment: 'staging' | 'production';
  apiUrl: string | undefined;
}): StripeAccess {
  let held: { key: string; client: Stripe } | undefined;
  const verdict = () => judgeStripeKey(options.key(), options.environment);
  return {
    client() {
      const judged = verdict();
      if (!judged.usable) {
        throw new HttpProblem({
          status: 503,
          code: judged.code,
          detail: `Payments are not available. ${judged.finding}.`,
        });
      }
      if (held?.key !== judged.key) {
        held = { key: judged.key, client: createStripeClient({ key: judged.key, apiUrl: options.apiUrl }) };
      }
      return held.client;
    },
    findings() {
      const judged = verdict();
      return judged.usable || judged.code === 'stripe_not_configured' ? [] : [judged.finding];
    },
  };
}
