import { createCanaryTokenOf } from '@scholar/runtime/auth';
import { createRetention } from '@scholar/runtime/background';
import { askConsent, type Express, sameOriginOnly, serveAssets } from '@scholar/runtime/http';
import { createPrivacyApi, MY_DATA_PATH, myDataRoutes } from '@scholar/runtime/my-data';
import type { BuiltService, ServiceDeps } from '@scholar/runtime/service';
import {
  createAccounts,
  createRefresher,
  noteVisitor,
  onlyPeople,
  visitorOf,
} from '@scholar/runtime/sign-in';
import { withNext } from './accounts/account-pages.ts';
import { accountRoutes } from './accounts/account-routes.ts';
import { ISLAND } from './ask/ask-page.ts';
import { askRoutes } from './ask/ask-route.ts';
import { createRelayAnswer } from './ask/relay-answer.ts';
import { parseSageAnswer } from './ask/sage-answer.ts';
import { createAskService } from './http/ask-service.ts';
import { parseAgentAnswer } from './matches/agent-answer.ts';
import { matchRoutes } from './matches/match-route.ts';
import { createRequestMatches } from './matches/match-service.ts';
import { homePage } from './pages/home-page.ts';
import { createPages } from './pages/pages.ts';
import { personalData } from './personal-data.ts';
import { profileRoutes } from './profile/profile-route.ts';
import { createSearchCatalogue } from './search/catalogue-search.ts';
import { searchRoutes } from './search/search-route.ts';
import type { pilotSettings } from './settings.ts';

export type PilotDeps = ServiceDeps<typeof pilotSettings>;

/** Puts student_pilot together: pages in front of scholar_auth, scholarship_agent and scholarship_sage. */
export function createPilot(deps: PilotDeps): BuiltService {
  const { settings } = deps;
  return {
    app: (app) => addRoutes(app, deps),
    personalData,
    background: [
      createRetention({ ...deps, table: 'match_requests', retentionMs: settings.MATCH_REQUESTS_RETENTION }),
    ],
    findings: () => [
      ...(settings.A2_URL ? [] : ['A2_URL is not set: the catalogue cannot be searched']),
      ...(settings.A3_URL ? [] : ['A3_URL is not set: no matches can be found']),
      ...(settings.A4_URL ? [] : ['A4_URL is not set: no questions can be answered']),
    ],
  };
}

function addRoutes(app: Express, deps: PilotDeps): void {
  const { settings, clock } = deps;
  const canaryTokenOf = createCanaryTokenOf(deps);
  const accounts = createAccounts({ ...deps, a1Url: settings.A1_URL, timeoutMs: settings.ACCOUNT_TIMEOUT });
  const pages = createPages({ ...deps, canaryTokenOf });
  const refresh = createRefresher({ refresh: accounts.refresh, clock });
  app.use(sameOriginOnly(), noteVisitor({ ...deps, refresh, canaryTokenOf }));
  app.use(['/profile', '/matches', '/ask'], onlyPeople);
  askConsent(app);
  pages.get(app, '/', (_request, response) => ({
    title: 'Find your scholarship',
    body: homePage(visitorOf(response)),
  }));
  accountRoutes(app, { pages, accounts, canaryTokenOf });
  myDataRoutes(app, {
    privacy: createPrivacyApi({ ...deps, a1Url: settings.A1_URL }),
    kept: 'Here we keep your account, your profile and, for 90 days, when you asked for matches. Your questions are kept nowhere.',
    show: pages.show,
    signIn: withNext('/login', MY_DATA_PATH),
  });
  profileRoutes(app, { pool: deps.pool, pages });
  searchRoutes(app, { pages, clock, searchCatalogue: createSearch(deps) });
  matchRoutes(app, { ...deps, pages, canaryTokenOf, requestMatches: createRequestMatches(withAgent(deps)) });
  askRoutes(app, { pages, canaryTokenOf, askSage: createAskSage(deps), relayAnswer: createRelay(deps) });
  serveAssets(app, { root: new URL('../', import.meta.url), paths: [ISLAND] });
}

function createSearch(deps: PilotDeps) {
  const { A2_URL: a2Url, SEARCH_TIMEOUT: timeoutMs } = deps.settings;
  return createSearchCatalogue({ ...deps, a2Url, timeoutMs });
}

function withAgent(deps: PilotDeps) {
  const { A3_URL: url, MATCH_TIMEOUT: timeoutMs } = deps.settings;
  const askAgent = createAskService({
    ...deps,
    name: 'scholarship_agent',
    url: url && `${url}/matches`,
    timeoutMs,
    parse: parseAgentAnswer,
  });
  return { ...deps, askAgent };
}

function createRelay(deps: PilotDeps) {
  const { A4_URL: url, ASK_TIMEOUT: patienceMs } = deps.settings;
  return createRelayAnswer({ ...deps, url: url && `${url}/answers`, patienceMs });
}

function createAskSage(deps: PilotDeps) {
  const { A4_URL: url, ASK_TIMEOUT: timeoutMs } = deps.settings;
  return createAskService({
    ...deps,
    name: 'scholarship_sage',
    url: url && `${url}/answers`,
    timeoutMs,
    parse: parseSageAnswer,
  });
}
