import type { DriftCode } from './drifts/drifts.ts';
import type { Judged } from './judged.ts';
import type { WebhookEndpointView } from './snapshot.ts';

const LABEL = 'provider_register';

/** Without these a payment goes unnoticed. */
const PAYS = ['checkout.session.completed', 'checkout.session.async_payment_succeeded'];
/** Without these a failed debit, an expired page, a refund or its failure goes unnoticed. */
const TELLS = [
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'charge.refunded',
  'refund.created',
  'refund.failed',
  'refund.updated',
];

/** Every type that an endpoint has to send. A test compares them with those that A6 acts upon. */
export const NEEDED_EVENTS: readonly string[] = [...PAYS, ...TELLS];

/**
 * Make sure that the endpoint which leads to A6 is on, of the right mode, gets every event type that A6 acts upon, and
 * renders them in the API version of the SDK (https://docs.stripe.com/api/webhook_endpoints/object).
 */
export function judgeEndpoint(
  endpoint: WebhookEndpointView,
  context: { real: boolean; environment: 'staging' | 'production'; evidence: string[] },
): Judged[] {
  const { id, status, livemode, events, wantedApiVersion: wanted } = endpoint;
  const finding = (
    code: DriftCode,
    summary: string,
    advice: string,
    severity: Judged['severity'],
  ): Judged => ({
    ...{ code, label: LABEL, severity, summary, advice },
    evidence: context.evidence,
    remedies: [],
  });
  const found: Judged[] = [];
  if (status !== 'enabled') {
    const summary = `Stripe has disabled the webhook endpoint ${id}.`;
    found.push(finding('webhook_endpoint_disabled', summary, 'enable it at Stripe', 'critical'));
  }
  // A stand-in has one mode only.
  const live = context.environment === 'production';
  if (context.real && livemode !== live) {
    const summary = `The webhook endpoint ${id} is of ${mode(livemode)} mode, and ${context.environment} takes ${mode(live)} events only.`;
    const advice = `make one in ${mode(live)} mode at Stripe, and delete this one`;
    found.push(finding('webhook_mode_wrong', summary, advice, 'critical'));
  }
  const misses = NEEDED_EVENTS.filter((type) => !events.includes(type) && !events.includes('*'));
  if (misses.length > 0) {
    const summary = `The webhook endpoint ${id} does not get ${misses.join(', ')}.`;
    const severity = misses.some((type) => PAYS.includes(type)) ? 'critical' : 'major';
    found.push(finding('webhook_events_missing', summary, 'add these event types to it at Stripe', severity));
  }
  // An endpoint without a version follows its account, which the sandbox keeps at the version of the SDK.
  const version = endpoint.apiVersion ?? (context.real ? "its account's version" : wanted);
  if (version !== wanted) {
    const summary = `The webhook endpoint ${id} sends events in ${version}; A6 is built for ${wanted}.`;
    const advice = `make another for the same address with API version ${wanted}, then delete this one: its version cannot be changed`;
    found.push(finding('webhook_api_version', summary, advice, 'minor'));
  }
  return found;
}

function mode(live: boolean): string {
  return live ? 'live' : 'test';
}
