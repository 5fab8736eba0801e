import { setting } from '@scholar/runtime/config';

/** What provider_register reads beside the settings of every service. */
export const registerSettings = {
  STRIPE_WEBHOOK_SECRET: setting.secret({
    description:
      'Signing secret of the webhook endpoint (whsec_…); two separated by a comma during a rotation',
  }),
  STRIPE_SECRET_KEY: setting.secret({
    description:
      "A key that may read events, checkout sessions and refunds, to compare Stripe's books with ours; in a trial without a public address events are read with it",
    aliases: ['STRIPE_SECRET'],
    optional: true,
  }),
  STRIPE_API_URL: setting.url({
    description:
      'Base address of a stand-in for api.stripe.com, such as the sandbox; unset means the real Stripe',
    optional: true,
  }),
  A6_PUBLIC_URL: setting.url({ description: 'Where Stripe and browsers reach this service', optional: true }),
  A2_URL: setting.url({
    description: 'Base URL of scholarship_api, which opens payment pages',
    default: 'http://127.0.0.1:4102',
  }),
  LISTING_PRICE_CENTS: setting.int({
    description: 'Price of a listing in cents',
    default: 4900,
    min: 0,
    max: 99_999_999,
  }),
  LISTING_CURRENCY: setting.oneOf({
    values: ['USD', 'EUR', 'GBP', 'CAD', 'AUD'],
    description: 'Currency of that price, ISO 4217',
    default: 'USD',
  }),
  STRIPE_POLL_INTERVAL: setting.duration({
    description: 'How often events are read where they are read',
    default: 15_000,
  }),
  STRIPE_RECONCILE_INTERVAL: setting.duration({
    description:
      "How often Stripe's paid sessions and undelivered events are compared with the payments here",
    default: 900_000,
  }),
  STRIPE_RECONCILE_GRACE: setting.duration({
    description: 'How long a webhook may take before its payment is taken from Stripe instead',
    default: 300_000,
  }),
};
