import { HttpProblem } from '@scholar/runtime/http';
import Stripe from 'stripe';

/**
 * An error of the SDK as an answer of ours (https://docs.stripe.com/error-handling): what passes is 503 with
 * Retry-After, a refused key is 503 with what to do; anything else stays what it is and becomes a 500 that the log explains.
 */
export function stripeProblem(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  if (
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError
  ) {
    return unavailable('stripe_key_refused', 'Stripe refused our key. Correct STRIPE_SECRET_KEY.', error);
  }
  const passes =
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeRateLimitError ||
    // Also an answer that is none of Stripe's: something got in between.
    error instanceof Stripe.errors.StripeAPIError ||
    error.statusCode === 409 ||
    (error.statusCode ?? 0) >= 500;
  if (!passes) return error;
  return unavailable('stripe_unavailable', 'Stripe cannot be reached just now. Try again shortly.', error);
}

function unavailable(code: string, detail: string, cause: unknown): HttpProblem {
  return new HttpProblem({ status: 503, code, detail, headers: { 'retry-after': '5' }, cause });
}
