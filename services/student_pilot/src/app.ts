import { createCanaryTokenOf } from '@scholar/runtime/auth';
import { createRetention } from '@scholar/runtime/background';
import { type Express, sameOriginOnly } from '@scholar/runtime/http';
import type { BuiltService, ServiceDeps } from '@scholar/runtime/service';
import { accountRoutes } from './accounts/account-routes.ts';
import { createAccounts } from './accounts/accounts-api.ts';
import { askRoutes } from './ask/ask-route.ts';
import { parseSageAnswer } from './ask/sage-answer.ts';
import { createAskService } from './http/ask-service.ts';
import { parseAgentAnswer } from './matches/agent-answer.ts';
import { matchRoutes } from './matches/match-route.ts';
import { createRequestMatches } from './matches/match-service.ts';
import { homePage } from './pages/home-page.ts';
import { createPages } from './pages/pages.ts';
import { personalData } from './personal-data.ts';
import { profileRoutes } from './profile/profile-route.ts';
import { createRefresher } from './sessions/refresher.ts';
import { noteVisitor, visitorOf } from './sessions/visitor.ts';
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
  pages.get(app, '/', (_request, response) => ({
    title: 'Find your scholarship',
    body: homePage(visitorOf(response)),
  }));
  accountRoutes(app, { pages, accounts, canaryTokenOf });
  profileRoutes(app, { pool: deps.pool, pages });
  matchRoutes(app, { ...deps, pages, canaryTokenOf, requestMatches: createRequestMatches(withAgent(deps)) });
  askRoutes(app, { pages, canaryTokenOf, askSage: createAskSage(deps) });
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
