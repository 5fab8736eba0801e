import Stripe from 'stripe';

export type StripeClientOptions = {
  key: string;
  /** Base address of a stand-in for api.stripe.com; undefined = the real Stripe. */
  apiUrl: string | undefined;
  timeoutMs?: number;
};

/**
 * The SDK, configured for a service: bounded waits, two retries (the SDK backs off and keeps the idempotency key), no
 * latency telemetry to Stripe. Built when it is first needed: its constructor throws without a key.
 */
export function createStripeClient(options: StripeClientOptions): Stripe {
  const target = options.apiUrl === undefined ? undefined : new URL(options.apiUrl);
  return new Stripe(options.key, {
    ...(target === undefined
      ? {}
      : {
          host: target.hostname,
          port: target.port === '' ? (target.protocol === 'https:' ? 443 : 80) : Number(target.port),
          protocol: target.protocol === 'https:' ? ('https' as const) : ('http' as const),
        }),
    timeout: options.timeoutMs ?? 8000,
    maxNetworkRetries: 2,
    telemetry: false,
    appInfo: { name: 'scholar' },
  });
}
