import type { StripeSnapshot } from '../../audit/snapshot.ts';
import { gatherStripe } from '../../gather/stripe-endpoints.ts';
import type { Sources } from './mounted-file.ts';
import { SECRET } from './names.ts';
import type { Reach } from './reach.ts';
import { serviceAddress } from './service-address.ts';

interface StripeView {
  sources: Sources;
  reach: Reach;
  kube: { namespace: string };
}

/**
 * Asks Stripe, or the sandbox through a port-forward, for its webhook endpoints. With the desired key, not A2's running
 * one: the audit must be able to ask Stripe when A2 has lost its key.
 * @param settings the desired ones of A2, which name the sandbox.
 */
export async function stripeOf(
  { sources, reach, kube }: StripeView,
  settings: Readonly<Record<string, string>>,
): Promise<StripeSnapshot> {
  const apiUrl = settings['STRIPE_API_URL'];
  const name = SECRET.stripeOf('scholarship_api');
  const secretKey = sources.secrets[name]?.['STRIPE_SECRET_KEY'];
  if (secretKey === undefined) {
    const error = `there is no key to ask with: the Secret ${name} has no STRIPE_SECRET_KEY`;
    return { real: apiUrl === undefined, endpoints: undefined, error };
  }
  const address = apiUrl === undefined ? undefined : serviceAddress(apiUrl, kube.namespace);
  if (address === undefined) return gatherStripe({ secretKey, apiUrl });
  try {
    const { port } = await reach.service(address);
    return await gatherStripe({ secretKey, apiUrl: `http://127.0.0.1:${port}` });
  } catch (cause) {
    return {
      real: false,
      endpoints: undefined,
      error: cause instanceof Error ? cause.message : String(cause),
    };
  }
}
