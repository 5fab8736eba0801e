import { authenticated, createCanaryTokenOf } from '@scholar/runtime/auth';
import { createRetention } from '@scholar/runtime/background';
import { createReadCatalogue } from '@scholar/runtime/catalogue';
import { askConsent, type Express, type Page } from '@scholar/runtime/http';
import { createPageViews } from '@scholar/runtime/page-views';
import type { BuiltService, ServiceDeps } from '@scholar/runtime/service';
import { createAccountLinker } from './accounts/account-linker.ts';
import { createAccountWorker } from './accounts/account-worker.ts';
import { createAccountsApi } from './accounts/accounts-api.ts';
import { pendingLinks } from './accounts/link-store.ts';
import { createCatalogueRefresh } from './catalogue/catalogue-refresh.ts';
import { createPublicBase } from './http/public-base.ts';
import { createTakeForm } from './leads/form-route.ts';
import { judgeFormToken, mintFormToken } from './leads/form-token.ts';
import { leadRoutes } from './leads/lead-route.ts';
import { createSubmitLead } from './leads/lead-service.ts';
import { personalData } from './leads/personal-data.ts';
import { createSenderLimit } from './leads/sender-limit.ts';
import type { PAGE_MAKER_METRICS } from './metrics.ts';
import { createPageKey, type PageKey } from './page-key.ts';
import { createLastGood } from './pages/last-good.ts';
import { pageRoutes } from './pages/page-route.ts';
import { createPageService } from './pages/page-service.ts';
import { pageTag } from './pages/page-tag.ts';
import { sitemapRoutes } from './pages/sitemap.ts';
import type { pageMakerSettings } from './settings.ts';

/** Pages that are shown without a database, once somebody looked at them: a start page is some 30 KiB, others a few. */
const REMEMBERED_PAGES = 1_000;

export type PageMakerDeps = ServiceDeps<typeof pageMakerSettings, typeof PAGE_MAKER_METRICS>;

/** Puts auto_page_maker together: pages and leads in front, catalogue and accounts in the background. */
export function createPageMaker(deps: PageMakerDeps): BuiltService {
  const { settings, pool, clock, metrics } = deps;
  const canaryKey = () => deps.canaryKey.current();
  const linker = createAccountLinker({
    ...deps,
    canaryKey,
    ask: createAccountsApi({ ...deps, a1Url: settings.A1_URL }),
    onOutcome: (outcome) => metrics.counter('page_maker_account_attempts_total').inc({ outcome }),
  });
  const worker = createAccountWorker({ ...deps, linker, intervalMs: settings.ACCOUNT_RETRY_INTERVAL });
  const refresh = createCatalogueRefresh({
    ...deps,
    readCatalogue: createReadCatalogue({ ...deps, a2Url: settings.A2_URL }),
    intervalMs: settings.CATALOGUE_REFRESH,
    onResult: (result) => metrics.counter('page_maker_catalogue_refreshes_total').inc({ result }),
  });
  metrics.collect(async () => {
    const { waiting, oldestS } = await pendingLinks(pool, new Date(clock.now()));
    metrics.gauge('page_maker_accounts_waiting').set(waiting);
    metrics.gauge('page_maker_accounts_oldest_seconds').set(oldestS);
  });
  return {
    app: (app) => addRoutes(app, deps, linker),
    personalData,
    background: [worker, refresh, createRetention({ ...deps, table: 'leads' })],
    findings: () =>
      settings.A2_URL ? [] : ['A2_URL is not set: the catalogue of the pages is never renewed'],
  };
}

function addRoutes(app: Express, deps: PageMakerDeps, linker: ReturnType<typeof createAccountLinker>): void {
  const { settings, pool, clock, metrics } = deps;
  const key = createPageKey(pool, 'forms');
  const lastGood = createLastGood({ most: REMEMBERED_PAGES, clock });
  const mintToken = async () => mintFormToken(await key(), clock.now());
  const pages = createPageService({ pool, mintToken, lastGood });
  const publicBase = createPublicBase(settings.A7_PUBLIC_URL);
  const canaryTokenOf = createCanaryTokenOf(deps);
  const submit = createSubmitLead({
    ...deps,
    linker,
    fingerprintKey: key,
    linkNowMs: settings.LINK_NOW_TIMEOUT,
    onStored: (via, result) => metrics.counter('page_maker_leads_total').inc({ via, result }),
  });
  const takeForm = createTakeForm({
    pages,
    publicBase,
    submit,
    canaryTokenOf,
    admit: createSenderLimit({
      ...{ pool, clock, key },
      ...{ most: settings.FORMS_PER_NETWORK, windowMs: settings.FORM_WINDOW },
    }),
    judgeToken: createTokenJudge(deps, key),
    onRefused: (reason) => metrics.counter('page_maker_forms_refused_total').inc({ reason }),
  });
  const tagOf = (lasting: Page) => pageTag(lasting, { nowMs: clock.now(), maxAgeMs: settings.FORM_MAX_AGE });
  askConsent(app);
  pageRoutes(app, { pages, publicBase, tagOf, countView: createPageViews({ ...deps, canaryTokenOf }) });
  sitemapRoutes(app, { pool, publicBase, lastGood });
  leadRoutes(app, { pool, submit, takeForm, canaryTokenOf, authenticated: authenticated(deps) });
}

function createTokenJudge({ settings, clock }: PageMakerDeps, key: PageKey) {
  return async (token: string | undefined) =>
    judgeFormToken(token, {
      key: await key(),
      nowMs: clock.now(),
      minFillMs: settings.FORM_MIN_FILL,
      maxAgeMs: settings.FORM_MAX_AGE,
    });
}
