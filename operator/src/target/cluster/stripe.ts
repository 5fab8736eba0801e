import type { StripeSnapshot } from '../../audit/snapshot.ts';
import { gatherStripe } from '../../gather/stripe-endpoints.ts';
import { type DesiredSource, givenValue } from './desired-view.ts';
import { objectName } from './names.ts';
import type { Reach } from './reach.ts';
import { serviceAddress } from './service-address.ts';
import { serviceUrl } from './service-url.ts';

interface StripeView extends DesiredSource {
  reach: Reach;
}

/**
 * Asks Stripe, or the sandbox through a port-forward, for its webhook endpoints. With the desired key, not A2's running
 * one: the audit must be able to ask Stripe when A2 has lost its key.
 */
export async function stripeOf(view: StripeView): Promise<StripeSnapshot> {
  const shop = { label: 'scholarship_api', role: 'app' } as const;
  const apiUrl = givenValue(view, shop, 'STRIPE_API_URL');
  const secretKey = givenValue(view, shop, 'STRIPE_SECRET_KEY') ?? givenValue(view, shop, 'STRIPE_SECRET');
  if (secretKey === undefined) {
    const error = 'there is no STRIPE_SECRET_KEY to ask with: scholarship-api is given none';
    return { real: apiUrl === undefined, endpoints: undefined, error };
  }
  const address = apiUrl === undefined ? undefined : serviceAddress(apiUrl, view.installed.namespace);
  if (address === undefined) return gatherStripe({ secretKey, apiUrl });
  try {
    const { port } = await view.reach.service(address);
    const seen = await gatherStripe({ secretKey, apiUrl: `http://127.0.0.1:${port}` });
    return { ...seen, a6Url: serviceUrl(view.installed, objectName('provider_register')) };
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    return { real: false, endpoints: undefined, error };
  }
}
