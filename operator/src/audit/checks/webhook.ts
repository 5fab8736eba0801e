import type { Check, Judged } from '../judged.ts';
import type { Snapshot, WebhookEndpointView } from '../snapshot.ts';
import { judgeEndpoint } from '../webhook-endpoint.ts';

const LABEL = 'provider_register';

/** Make sure that Stripe's webhook reaches the live A6 at the right path (architecture: Stripe). */
export const webhook: Check = (snapshot) => {
  const { stripe } = snapshot;
  if (stripe === undefined) return [];
  const publicUrl = publicUrlOf(snapshot);
  const local = localUrl(snapshot, publicUrl, stripe.real);
  if (stripe.endpoints === undefined) {
    const sandboxDown = snapshot.sandbox !== undefined && snapshot.sandbox.process.state !== 'running';
    return sandboxDown ? local : [...local, notAsked(stripe.error ?? 'no answer')];
  }
  if (stripe.real && local.length > 0) return local;
  const addresses = [stripe.a6Url ?? '', publicUrl].filter((url) => url !== '');
  const { environment } = snapshot;
  return [...local, ...endpointFindings(stripe.endpoints, { addresses, real: stripe.real, environment })];
};

/** What the running A6 says, else what is desired: a stopped A6 still has an endpoint at Stripe. */
function publicUrlOf({ apps }: Snapshot): string {
  const app = apps.find(({ label }) => label === LABEL);
  return (app?.desired.settings['A6_PUBLIC_URL'] ?? '').replace(/\/$/u, '');
}

function localUrl({ environment }: Snapshot, publicUrl: string, real: boolean): Judged[] {
  if (!real || !isLocal(publicUrl)) return [];
  const polls = environment === 'staging';
  const summary = `A6_PUBLIC_URL is ${publicUrl || 'not set'}: Stripe cannot reach it${polls ? '; A6 polls Stripe for events instead' : ''}.`;
  const advice = 'set A6_PUBLIC_URL to the https address at which Stripe reaches A6';
  const evidence = [`A6_PUBLIC_URL ${publicUrl || 'not set'}`];
  return [
    {
      code: 'webhook_url_local',
      label: LABEL,
      severity: polls ? 'info' : 'critical',
      summary,
      evidence,
      remedies: [],
      advice,
    },
  ];
}

function notAsked(error: string): Judged {
  const summary = 'Stripe could not be asked for its webhook endpoints.';
  const advice = 'look at the Stripe key and the way to Stripe, then audit again';
  return {
    code: 'stripe_not_asked',
    label: LABEL,
    severity: 'major',
    summary,
    evidence: [error],
    remedies: [],
    advice,
  };
}

function endpointFindings(
  endpoints: readonly WebhookEndpointView[],
  context: { addresses: readonly string[]; real: boolean; environment: Snapshot['environment'] },
): Judged[] {
  const wanted = context.addresses.map((url) => `${url}/webhooks/stripe`);
  const listed = endpoints.map(({ id, url, status }) => `${id} ${status} ${url}`);
  const evidence = listed.length === 0 ? ['Stripe has no webhook endpoint'] : listed;
  // While one is exchanged for another of the same address there are two: it is enough that one is as it should be.
  const [best] = endpoints
    .filter(({ url }) => wanted.includes(url))
    .map((endpoint) => judgeEndpoint(endpoint, { ...context, evidence }))
    .sort((one, other) => one.length - other.length);
  if (best !== undefined) return best;
  return [
    {
      code: 'webhook_endpoint_wrong',
      label: LABEL,
      severity: 'critical',
      summary: `No webhook endpoint at Stripe points to ${wanted.join(' or ') || 'A6: A6_PUBLIC_URL is not set'}.`,
      evidence,
      remedies: [],
      advice: `make one there for ${wanted[0] ?? 'A6, and set A6_PUBLIC_URL'}`,
    },
  ];
}

function isLocal(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { hostname, protocol } = new URL(url);
  return (
    protocol !== 'https:' ||
    hostname === 'localhost' ||
    hostname.endsWith('.local') ||
    /^(127\.|10\.|192\.168\.|\[::1\])/u.test(hostname)
  );
}
