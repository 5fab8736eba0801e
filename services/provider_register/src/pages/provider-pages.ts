import { createCanaryTokenOf, type TokenVerifier } from '@scholar/runtime/auth';
import { askConsent, type Express, sameOriginOnly } from '@scholar/runtime/http';
import { createPrivacyApi, MY_DATA_PATH, myDataRoutes } from '@scholar/runtime/my-data';
import type { CountView } from '@scholar/runtime/page-views';
import type { ServiceDeps } from '@scholar/runtime/service';
import { createAccounts, createRefresher, noteVisitor } from '@scholar/runtime/sign-in';
import { onlyProviders } from '../accounts/only-providers.ts';
import { signInRoutes } from '../accounts/sign-in-routes.ts';
import type { RegisterDeps } from '../deps.ts';
import { noteWhoAsks } from '../providers/own-provider.ts';
import { registerPages } from '../providers/register-form.ts';
import { providerRoutes } from '../providers/route.ts';
import { createCatalogue } from '../scholarships/catalogue-api.ts';
import { scholarshipRoutes } from '../scholarships/routes.ts';
import { countPages } from './count-pages.ts';
import { showPage } from './show-page.ts';

/** The most that a page waits for scholar_auth, ms. */
const ACCOUNT_TIMEOUT_MS = 4_000;

type Deps = RegisterDeps & {
  verifier: TokenVerifier;
  fetchJson: ServiceDeps['fetchJson'];
  serviceTokens: ServiceDeps['serviceTokens'];
  price: { amountCents: number; currency: string };
  a1Url: string;
  a2Url: string;
  countView: CountView;
};

/** What a provider does by pages: registers, signs in, looks at the payments, writes and publishes scholarships. */
export function providerPages(app: Express, deps: Deps): void {
  const { fetchJson, log, clock, verifier, a1Url, a2Url } = deps;
  const accounts = createAccounts({ fetchJson, log, a1Url, timeoutMs: ACCOUNT_TIMEOUT_MS });
  const refresh = createRefresher({ refresh: accounts.refresh, clock });
  const canaryTokenOf = createCanaryTokenOf({ clock, canaryKey: { current: deps.canaryKey } });
  const visitor = noteVisitor({
    ...{ verifier, clock, refresh, canaryTokenOf },
    canaryKey: { current: deps.canaryKey },
  });
  const fromHere = sameOriginOnly();
  askConsent(app);
  noteWhoAsks(app, visitor);
  countPages(app, { visitor, countView: deps.countView });
  registerPages(app, { ...deps, accounts, visitor, fromHere });
  providerRoutes(app, { ...deps, accounts, visitor, fromHere });
  app.use(['/login', '/logout', '/password', '/scholarships', MY_DATA_PATH], visitor);
  signInRoutes(app, { accounts, verifier, fromHere });
  myDataRoutes(app, {
    privacy: createPrivacyApi({ fetchJson, log, a1Url }),
    kept: 'Here we keep your account, what you told us about your organisation, and your payments. Payments stay, as the law asks, without your name.',
    show: showPage,
    signIn: '/login',
  });
  const catalogue = createCatalogue({ fetchJson, serviceTokens: deps.serviceTokens, log, a2Url });
  scholarshipRoutes(app, { catalogue, pool: deps.pool, fromHere, onlyProviders });
}
