import Stripe from 'stripe';
import { type StripeEvent, stripeEventSchema } from './stripe-event.ts';

/** Seconds between signing and receiving that are still accepted (https://docs.stripe.com/webhooks#replay-attacks). */
export const TOLERANCE_S = 300;

const NO_MATCH =
  'The signature does not match this body: a wrong signing secret, or a body that was changed on its way.';

export type Verified = { ok: true; event: StripeEvent } | { ok: false; reason: string };

/** STRIPE_WEBHOOK_SECRET as a list: one secret, or the old and the new one separated by a comma during a rotation. */
export function splitSecrets(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '')
    .slice(0, 2);
}

/** What is wrong with the configured secrets, in words that quote none of them; undefined when nothing is. */
export function webhookSecretFinding(value: string | undefined): string | undefined {
  const secrets = splitSecrets(value);
  if (secrets.length === 0) return undefined;
  const bad = secrets.filter((secret) => !/^whsec_\S+$/.test(secret)).length;
  if (bad === 0) return undefined;
  return `STRIPE_WEBHOOK_SECRET is malformed: ${bad} of ${secrets.length} values do not begin with whsec_; copy the signing secret of the endpoint from Stripe's dashboard`;
}

/**
 * Verifies the raw body against each secret, then reads it as a snapshot event.
 * @param rawBody the bytes as they came; anything parsed and written again will not verify.
 * @param nowMs the time of receipt.
 */
export function verifySignature(input: {
  rawBody: Buffer;
  signature: string | undefined;
  secrets: readonly string[];
  nowMs: number;
}): Verified {
  const { rawBody, signature, secrets, nowMs } = input;
  if (signature === undefined || signature === '')
    return { ok: false, reason: 'The header stripe-signature is missing.' };
  let reason: string | undefined;
  for (const secret of secrets) {
    try {
      const parsed = stripeEventSchema.safeParse(
        Stripe.webhooks.constructEvent(rawBody, signature, secret, TOLERANCE_S, undefined, nowMs),
      );
      return parsed.success
        ? { ok: true, event: parsed.data }
        : { ok: false, reason: 'The body is signed well, but it is not a Stripe snapshot event.' };
    } catch (error) {
      // With two secrets at least one does not match; what the matching one found wrong is the better reason.
      const found = sentence(error);
      if (reason === undefined || reason === NO_MATCH) reason = found;
    }
  }
  return { ok: false, reason: reason ?? 'No signing secret is configured.' };
}

/** The SDK's errors carry header and payload; only their first sentence may be told. */
function sentence(error: unknown): string {
  if (error instanceof SyntaxError) return 'The body is signed well, but it is not JSON.';
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('thin event'))
    return 'This is a thin (v2) event: register the endpoint for snapshot events.';
  if (message.includes('tolerance')) return `The signature is older than ${TOLERANCE_S} seconds.`;
  if (message.includes('No signatures found matching')) {
    return NO_MATCH;
  }
  return 'The header stripe-signature cannot be read.';
}
