import type { DrillResult } from '../../drill/judge-drill.ts';

/** A drill that went well, but for what is said otherwise. */
export function drillResult(more: Partial<DrillResult> = {}): DrillResult {
  return {
    at: '2026-01-01T00:00:00.000Z',
    label: 'scholar_auth',
    events: 50,
    queued: 90,
    refused_full: 6,
    rows: 90,
    recovery_ms: 840,
    ok: true,
    missing: [],
    duplicates: [],
    redelivered: 0,
    reasons: [],
    steps: [],
    ...more,
  };
}
