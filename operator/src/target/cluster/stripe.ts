import type { AppLabel } from '@scholar/contract';
import type { StripeSnapshot } from '../../audit/snapshot.ts';
import { CouldNotLook } from '../../could-not-look.ts';
import { gatherStripe, type StripeAccess } from '../../gather/stripe-endpoints.ts';
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
  const apiUrl = givenValue(view, { label: 'scholarship_api', role: 'app' }, 'STRIPE_API_URL');
  try {
    const { forwarded, ...access } = await stripeAccess(view, 'scholarship_api');
    const seen = await gatherStripe(access);
    return forwarded ? { ...seen, a6Url: serviceUrl(view.installed, objectName('provider_register')) } : seen;
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    return { real: apiUrl === undefined, endpoints: undefined, error };
  }
}

/**
 * The Stripe that an app is given, by the key that it should have; `forwarded` where it is a Service of the namespace.
 * @throws CouldNotLook when there is no key or no way to a sandbox.
 */
export async function stripeAccess(
  view: StripeView,
  label: AppLabel,
): Promise<StripeAccess & { forwarded: boolean }> {
  const app = { label, role: 'app' } as const;
  const apiUrl = givenValue(view, app, 'STRIPE_API_URL');
  const secretKey = givenValue(view, app, 'STRIPE_SECRET_KEY') ?? givenValue(view, app, 'STRIPE_SECRET');
  if (secretKey === undefined) {
    throw new CouldNotLook(`there is no STRIPE_SECRET_KEY to ask with: ${objectName(label)} is given none`);
  }
  const address = apiUrl === undefined ? undefined : serviceAddress(apiUrl, view.installed.namespace);
  if (address === undefined) return { secretKey, apiUrl, forwarded: false };
  const { port } = await view.reach.service(address);
  return { secretKey, apiUrl: `http://127.0.0.1:${port}`, forwarded: true };
}
