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
    severity: ['critical', 'major'],
    symptom:
      'Critical: checkout.session.completed or async_payment_succeeded is not sent, so a payment emits no PaymentSuccess. Major: failed debits, expired pages or refunds go unnoticed.',
    evidence: AT_STRIPE,
    remedy: 'Add the event types that the finding names to the endpoint at Stripe.',
    rollback: 'Take the event types off the endpoint again.',
  },
  webhook_mode_wrong: {
    title: 'The webhook endpoint is of the other mode of Stripe',
    severity: ['critical'],
    symptom:
      'A6 refuses what comes with 422 livemode_mismatch: live events belong to production, test events to staging.',
    evidence: AT_STRIPE,
    remedy:
      'Make the endpoint in the right mode, give A6 its signing secret, and delete the one of the other mode.',
    rollback: 'Make the former endpoint again.',
  },
  webhook_api_version: {
    title: 'The webhook endpoint renders events in another API version',
    severity: ['minor'],
    symptom:
      'Fields may be named or shaped otherwise than A6 expects; what it cannot read is stored as unreadable and is no payment.',
    evidence: 'The `api_version` of the endpoint, against the one that the SDK is built for.',
    remedy:
      "An endpoint's version cannot be changed: make another one with the version in the finding, add its signing secret to STRIPE_WEBHOOK_SECRET, then delete the old one.",
    rollback: 'Keep the old endpoint; A6 reads few fields and says when it cannot.',
  },
} as const satisfies Record<string, Drift>;
