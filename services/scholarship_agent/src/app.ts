import { authenticated, createCanaryTokenOf } from '@scholar/runtime/auth';
import { createRetention } from '@scholar/runtime/background';
import { createReadCatalogue } from '@scholar/runtime/catalogue';
import type { BuiltService, ServiceDeps } from '@scholar/runtime/service';
import { createCatalogueSnapshot } from './catalogue/snapshot.ts';
import { matchRoute } from './matches/match-route.ts';
import { createRunMatch } from './matches/match-service.ts';
import type { AGENT_METRICS } from './metrics.ts';
import type { agentSettings } from './settings.ts';

export type AgentDeps = ServiceDeps<typeof agentSettings, typeof AGENT_METRICS>;

/** Puts scholarship_agent together: matching in front, the copy of the catalogue in the background. */
export function createAgent(deps: AgentDeps): BuiltService {
  const { settings, metrics } = deps;
  const snapshot = createCatalogueSnapshot({
    ...deps,
    readCatalogue: createReadCatalogue({ ...deps, a2Url: settings.A2_URL }),
    intervalMs: settings.CATALOGUE_REFRESH,
    onResult(result, size) {
      metrics.counter('agent_catalogue_refreshes_total').inc({ result });
      metrics.gauge('agent_catalogue_scholarships').set(size);
    },
  });
  const retention = createRetention({
    ...deps,
    table: 'match_runs',
    retentionMs: settings.MATCH_RUNS_RETENTION,
  });
  return {
    app(app) {
      matchRoute(app, {
        authenticated: authenticated(deps),
        canaryTokenOf: createCanaryTokenOf(deps),
        runMatch: createRunMatch({ ...deps, snapshot }),
      });
    },
    background: [snapshot, retention],
    findings: () => (settings.A2_URL ? [] : ['A2_URL is not set: there is no catalogue to match against']),
  };
}
