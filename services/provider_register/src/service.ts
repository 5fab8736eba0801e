import { createCanaryTokenOf } from '@scholar/runtime/auth';
import { createRetention } from '@scholar/runtime/background';
import { createPageViews } from '@scholar/runtime/page-views';
import { defineService } from '@scholar/runtime/service';
import type { RegisterDeps } from './deps.ts';
import { createAskA2 } from './listing/ask-a2.ts';
import { listingRoute } from './listing/route.ts';
import { orderRoute } from './orders/route.ts';
import { providerPages } from './pages/provider-pages.ts';
import { receiptRoute } from './payments/receipt-route.ts';
import { leadToSignIn } from './providers/own-provider.ts';
import { personalData } from './providers/personal-data.ts';
import { givenBackOf, knownSessions, recordedSessions } from './reconcile/own-books.ts';
import { createReconciler } from './reconcile/reconciler.ts';
import { isKeyOf, keyFinding, stripeBooks } from './reconcile/stripe-books.ts';
import { registerSettings } from './settings.ts';
import { createPoller, shouldPoll } from './webhook/poll-events.ts';
import { receiveEvent } from './webhook/receive-event.ts';
import { WEBHOOK_PATH, webhookRoute } from './webhook/route.ts';
import { createStripeReader } from './webhook/stripe-client.ts';
import { listStripeEvents } from './webhook/stripe-events.ts';
import { webhookSecretFinding } from './webhook/verify-signature.ts';

/** Where Stripe's own payment pages live. */
const STRIPE_CHECKOUT = 'https://checkout.stripe.com';

/** A6: providers register here and pay; Stripe reports here what was paid. */
export const service = defineService({
  label: 'provider_register',
  settings: registerSettings,
  migrations: new URL('../migrations', import.meta.url),
  build(deps) {
    const { settings, canaryKey, fetchJson, serviceTokens } = deps;
    const { STRIPE_API_URL: apiUrl, A6_PUBLIC_URL: publicUrl } = settings;
    const register: RegisterDeps = { ...deps, canaryKey: () => canaryKey.current() };
    const price = { amountCents: settings.LISTING_PRICE_CENTS, currency: settings.LISTING_CURRENCY };
    const webhookSecret = () => deps.secret('STRIPE_WEBHOOK_SECRET').current();
    const stripeKey = () => deps.secret('STRIPE_SECRET_KEY').current();
    const askA2 = createAskA2({ fetchJson, serviceTokens, a2Url: settings.A2_URL });
    const poller = createPoller({
      ...deps,
      list: listStripeEvents({ key: stripeKey }),
      receive: (event) => receiveEvent(register, event),
      intervalMs: settings.STRIPE_POLL_INTERVAL,
    });
    const reconciler = createReconciler({
      ...deps,
      books: () => {
        const key = stripeKey();
        return isKeyOf(deps.environment, key) ? stripeBooks(createStripeReader({ key, apiUrl })) : undefined;
      },
      own: {
        known: (ids) => knownSessions(deps.pool, ids),
        recorded: (window) => recordedSessions(deps.pool, window),
        givenBack: (intents) => givenBackOf(deps.pool, intents),
        receive: (event) => receiveEvent(register, event),
      },
      intervalMs: settings.STRIPE_RECONCILE_INTERVAL,
      graceMs: settings.STRIPE_RECONCILE_GRACE,
    });
    return {
      app(app) {
        webhookRoute(app, { ...register, webhookSecret });
        providerPages(app, {
          ...{ ...deps, ...register, price, a1Url: settings.A1_URL, a2Url: settings.A2_URL },
          countView: createPageViews({ ...deps, canaryTokenOf: createCanaryTokenOf(deps) }),
        });
        orderRoute(app, register);
        receiptRoute(app, register);
        listingRoute(app, { ...register, price, askA2, publicUrl });
        leadToSignIn(app);
      },
      personalData,
      rawBodyPaths: [WEBHOOK_PATH],
      // A form that leads to a payment page: browsers hold the redirect to the same rule.
      contentSources: {
        formAction: [STRIPE_CHECKOUT, ...(apiUrl === undefined ? [] : [new URL(apiUrl).origin])],
      },
      background: [
        ...(shouldPoll({ key: stripeKey(), apiUrl, publicUrl }) ? [poller] : []),
        reconciler,
        createRetention({ ...deps, table: 'payments' }),
        createRetention({ ...deps, table: 'refunds' }),
        createRetention({ ...deps, table: 'providers' }),
        createRetention({ ...deps, table: 'checkout_attempts' }),
      ],
      findings: () =>
        [
          webhookSecretFinding(webhookSecret()),
          keyFinding(deps.environment, stripeKey()),
          ...reconciler.findings(),
        ].filter((finding) => finding !== undefined),
    };
  },
});
