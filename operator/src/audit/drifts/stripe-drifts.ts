import { type Drift, NOTHING_CHANGED } from './drift.ts';

const AT_STRIPE = 'The webhook endpoints as Stripe lists them, against A6_PUBLIC_URL with /webhooks/stripe.';

/** Whether Stripe reaches A6. */
export const STRIPE_DRIFTS = {
  webhook_url_local: {
    title: 'Stripe cannot reach A6_PUBLIC_URL',
    severity: ['critical', 'info'],
    symptom:
      'The address is not set, or is one of this machine. In staging A6 asks Stripe for events instead; in production payments go unnoticed.',
    evidence: 'A6_PUBLIC_URL is no https address of the outside world, and the real Stripe is in use.',
    remedy:
      'Set A6_PUBLIC_URL to the https address at which Stripe reaches A6, and make the endpoint at Stripe.',
    rollback: 'Set the former address again.',
  },
  stripe_not_asked: {
    title: 'Stripe could not be asked',
    severity: ['major'],
    symptom: 'Whether webhooks arrive is unknown, which is not the same as well.',
    evidence: 'The error of Stripe, or of the way there.',
    remedy: 'Look at the key and at the way to Stripe (egress on 443), then audit again.',
    rollback: NOTHING_CHANGED,
  },
  webhook_endpoint_wrong: {
    title: 'No webhook endpoint at Stripe leads to A6',
    severity: ['critical'],
    symptom: 'Payments happen and A6 never hears of them.',
    evidence: AT_STRIPE,
    remedy:
      'Make an endpoint at Stripe for the address in the finding. Its signing secret becomes STRIPE_WEBHOOK_SECRET of A6.',
    rollback: 'Delete the endpoint at Stripe.',
  },
  webhook_endpoint_disabled: {
    title: 'Stripe has disabled the webhook endpoint',
    severity: ['critical'],
    symptom: 'Stripe gave up after days of failures. Payments happen and A6 hears nothing.',
    evidence: AT_STRIPE,
    remedy:
      'End what made A6 fail, then enable the endpoint at Stripe and send the missed events again from there.',
    rollback: 'Disable the endpoint again at Stripe.',
  },
  webhook_events_missing: {
    title: 'The webhook endpoint does not get what A6 needs',
    severity: ['critical'],
    symptom: 'checkout.session.completed is not sent, so no PaymentSuccess is emitted.',
    evidence: AT_STRIPE,
    remedy: 'Add the event types that the finding names to the endpoint at Stripe.',
    rollback: 'Take the event types off the endpoint again.',
  },
} as const satisfies Record<string, Drift>;
