import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { Metrics } from '@scholar/runtime/metrics';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { CatalogueSnapshot } from '../catalogue/snapshot.ts';
import { type Hit, match, type Outcome } from '../matching/match.ts';
import type { Profile } from '../matching/profile.ts';
import type { AGENT_METRICS } from '../metrics.ts';
import { insertMatchRun, type MatchRun } from './match-store.ts';

export type MatchRequest = {
  profile: Profile;
  limit: number;
  actorId: string;
  askedBy: MatchRun['askedBy'];
  /** A valid x-scholar-canary token. */
  canaryToken: string | undefined;
};

export type MatchAnswer = {
  matches: Hit[];
  near_misses: Hit[];
  considered: number;
  eligible: number;
  /** `stale`: scholarship_api does not answer and the last copy was used. `unavailable`: there is no copy yet. */
  catalogue: MatchRun['catalogue'];
  latency_ms: number;
};

/** Matches, and resolves when the run and its ScholarshipMatchResult are committed. */
export type RunMatch = (request: MatchRequest) => Promise<MatchAnswer>;

const NOTHING: Outcome = { considered: 0, eligible: 0, hits: [], nearMisses: [] };

export function createRunMatch(
  deps: Pick<ServiceDeps, 'record' | 'withTransaction'> & {
    clock: Clock;
    snapshot: Pick<CatalogueSnapshot, 'current'>;
    metrics: Metrics<typeof AGENT_METRICS>;
  },
): RunMatch {
  const { clock, snapshot, metrics } = deps;
  return async (request) => {
    const startedMs = clock.monotonic();
    const known = snapshot.current();
    const applicant = { ...request.profile, today: new Date(clock.now()).toISOString().slice(0, 10) };
    const outcome = known ? match(known.index, applicant, request.limit) : NOTHING;
    const tookMs = clock.monotonic() - startedMs;
    const catalogue = known?.state ?? 'unavailable';
    metrics.histogram('agent_match_seconds').observe(tookMs / 1_000);
    metrics.counter('agent_matches_total').inc({ catalogue });
    const latencyMs = Math.round(tookMs);
    await store(deps, request, { outcome, catalogue, latencyMs });
    const { considered, eligible, hits, nearMisses } = outcome;
    return {
      matches: hits,
      near_misses: nearMisses,
      considered,
      eligible,
      catalogue,
      latency_ms: latencyMs,
    };
  };
}

async function store(
  deps: Pick<ServiceDeps, 'record' | 'withTransaction'>,
  request: MatchRequest,
  result: { outcome: Outcome; catalogue: MatchRun['catalogue']; latencyMs: number },
): Promise<void> {
  const { outcome, catalogue, latencyMs } = result;
  const { considered, eligible, hits } = outcome;
  const runId = randomUUID();
  const success = catalogue !== 'unavailable';
  await deps.withTransaction(async (tx) => {
    const { eventId } = await deps.record(tx, {
      eventType: 'ScholarshipMatchResult',
      actorId: request.actorId,
      source: '/matches',
      payload: { latency_ms: latencyMs, success, reference: runId },
      canaryToken: request.canaryToken,
    });
    await insertMatchRun(tx, {
      runId,
      eventId,
      askedBy: request.askedBy,
      catalogue,
      considered,
      eligible,
      returned: hits.length,
      latencyMs,
      success,
      profileFingerprint: fingerprintOf(request.profile),
      simulated: request.canaryToken !== undefined,
    });
  });
}

/** 64 bits of SHA-256: enough to count equal questions, too many profiles share one to tell whose it was. */
function fingerprintOf(profile: Profile): string {
  return createHash('sha256').update(canonicalJson(profile)).digest('hex').slice(0, 16);
}
