import Stripe from 'stripe';
import type { StripeSnapshot } from '../audit/snapshot.ts';

export interface StripeAccess {
  secretKey: string;
  /** Base URL of the sandbox; undefined = the real Stripe. */
  apiUrl: string | undefined;
}

/** Reads the webhook endpoints as Stripe holds them. Never throws: an error becomes part of the snapshot. */
export async function gatherStripe(access: StripeAccess): Promise<StripeSnapshot> {
  const real = access.apiUrl === undefined;
  try {
    const endpoints = await stripeClient(access).webhookEndpoints.list({ limit: 100 });
    return {
      real,
      error: undefined,
      endpoints: endpoints.data.map(({ id, url, status, enabled_events, livemode, api_version }) => ({
        id,
        url,
        status,
        events: enabled_events,
        livemode,
        apiVersion: api_version,
        wantedApiVersion: Stripe.API_VERSION,
      })),
    };
  } catch (cause) {
    return { real, endpoints: undefined, error: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** @returns a client of the official SDK, against the sandbox where one is told. */
export function stripeClient({ secretKey, apiUrl }: StripeAccess): Stripe {
  const options = { telemetry: false, maxNetworkRetries: 1, timeout: 5_000 };
  if (apiUrl === undefined) return new Stripe(secretKey, options);
  const url = new URL(apiUrl);
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return new Stripe(secretKey, { ...options, host: url.hostname, port: url.port, protocol });
}
