import Stripe from 'stripe';

/** The SDK for reading, in the background: bounded waits, one retry, no telemetry to Stripe. Throws without a key. */
export function createStripeReader(options: { key: string; apiUrl?: string | undefined }): Stripe {
  const { key, apiUrl } = options;
  const common = { timeout: 10_000, maxNetworkRetries: 1, telemetry: false, appInfo: { name: 'scholar' } };
  if (apiUrl === undefined) return new Stripe(key, common);
  const { hostname: host, port, protocol } = new URL(apiUrl);
  return new Stripe(key, { ...common, host, port, protocol: protocol === 'https:' ? 'https' : 'http' });
}
