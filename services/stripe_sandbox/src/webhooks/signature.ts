import { createHmac } from 'node:crypto';

/**
 * The value of `Stripe-Signature` (https://docs.stripe.com/webhooks#verify-manually): HMAC-SHA256 of `<t>.<body>` under the
 * endpoint's secret, hex, scheme v1. `seconds` is the time of this attempt: each retry is signed anew.
 */
export function stripeSignature(body: string, secret: string, seconds: number): string {
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`, 'utf8').digest('hex');
  return `t=${seconds},v1=${signature}`;
}
