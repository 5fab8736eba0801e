import { setting } from '@scholar/runtime/config';

/** What scholarship_api reads beside the settings of every service. */
export const apiSettings = {
  STRIPE_SECRET_KEY: setting.secret({
    description:
      'Key of the Stripe account that takes the money: sk_test_… or rk_test_… in staging, live in production',
    aliases: ['STRIPE_SECRET'],
  }),
  STRIPE_API_URL: setting.url({
    description:
      'Base address of a stand-in for api.stripe.com, such as the sandbox; unset means the real Stripe',
    optional: true,
  }),
  SAMPLE_DATA: setting.boolean({
    description: 'Fill an empty catalogue with invented scholarships, marked as samples',
    default: true,
  }),
};
