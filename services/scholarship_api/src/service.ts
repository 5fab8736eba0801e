import { defineService } from '@scholar/runtime/service';
import { createExpiry } from './catalogue/expiry.ts';
import { createFacetCopy } from './catalogue/facet-copy.ts';
import { personalData } from './catalogue/personal-data.ts';
import { catalogueRoutes } from './catalogue/route.ts';
import { createVocabulary } from './catalogue/suggest/vocabulary.ts';
import { checkoutRoutes } from './checkout/route.ts';
import { createStripeAccess } from './checkout/stripe-access.ts';
import { createSampleLoader } from './seed/sample-loader.ts';
import { apiSettings } from './settings.ts';

/** A2: the catalogue, and the door to Stripe Checkout. */
export const service = defineService({
  label: 'scholarship_api',
  settings: apiSettings,
  migrations: new URL('../migrations', import.meta.url),
  build(deps) {
    const { settings, environment, pool, clock, verifier, canaryKey } = deps;
    const auth = { verifier, canaryKey, clock };
    const facets = createFacetCopy(pool);
    const vocabulary = createVocabulary(pool);
    const stripe = createStripeAccess({
      key: () => deps.secret('STRIPE_SECRET_KEY').current(),
      environment,
      apiUrl: settings.STRIPE_API_URL,
    });
    return {
      app(app) {
        catalogueRoutes(app, { ...deps, auth, facets, vocabulary });
        checkoutRoutes(app, {
          auth,
          pool,
          stripe: () => stripe.client(),
          canaryKey: () => canaryKey.current(),
          now: () => clock.now(),
        });
      },
      personalData,
      background: [
        createExpiry(deps),
        facets.warmUp(deps),
        vocabulary.warmUp(deps),
        ...(settings.SAMPLE_DATA ? [createSampleLoader(deps)] : []),
      ],
      findings: () => stripe.findings(),
    };
  },
});
