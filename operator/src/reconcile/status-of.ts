import type { DrillSummary } from '@scholar/contract';
import { withConditions } from '../crd/conditions.ts';
import { durationMs } from '../crd/duration.ts';
import { statusRow, summarized } from '../crd/evidence.ts';
import { lastDrillOf } from '../crd/last-drill.ts';
import type { TruthTableSpec } from '../crd/spec.ts';
import type { StatusRow, TruthTableStatus } from '../crd/status.ts';
import { conditionsOf } from './conditions-of.ts';
import type { Proof, Seen } from './seen.ts';

export interface StatusFacts {
  before: TruthTableStatus | undefined;
  generation: number;
  spec: Pick<TruthTableSpec, 'apps' | 'canaryInterval'>;
  seen: Seen;
  /** undefined = none since this process leads; that of the status before stays. */
  drill?: DrillSummary | undefined;
  /** Unix ms. */
  nowMs: number;
}

const MOST_REPAIRS = 20;

/**
 * Pure: the status after a pass. Rows of another generation are no evidence for this one, and so are rows of a system
 * that the spec does not speak of. What has expired is unknown from then on.
 */
export function statusOf({ before, generation, spec, seen, drill, nowMs }: StatusFacts): TruthTableStatus {
  const lastDrill = drill === undefined ? before?.lastDrill : lastDrillOf(drill);
  // Of A8, whatever the spec is: a new generation is no reason to try them again at once.
  const guards = (seen.kind === 'looked' ? seen.guards : undefined) ?? before?.guards;
  const proof = seen.kind === 'looked' ? seen.proof : undefined;
  const kept = before?.observedGeneration === generation && hasLooked(seen) ? before : undefined;
  const rows = proof === undefined ? declared(kept?.rows ?? [], spec) : provenRows(proof, spec);
  const shown = summarized(rows, nowMs);
  const repairs = [...(seen.kind === 'looked' ? seen.repairs : []), ...(before?.repairs ?? [])].slice(
    0,
    MOST_REPAIRS,
  );
  const at = new Date(nowMs).toISOString();
  const wanted = conditionsOf({ rows: shown.rows, apps: spec.apps.length, seen, repairs, guards, nowMs });
  return {
    observedGeneration: generation,
    conditions: withConditions(before?.conditions ?? [], wanted, { observedGeneration: generation, at }),
    ...verified(proof, kept),
    ...shown,
    ...(repairs.length === 0 ? {} : { repairs }),
    ...(guards === undefined ? {} : { guards }),
    ...(lastDrill === undefined ? {} : { lastDrill }),
  };
}

function hasLooked({ kind }: Seen): boolean {
  return kind === 'looked' || kind === 'blind';
}

function provenRows({ table, endedMs }: Proof, { canaryInterval, apps }: StatusFacts['spec']): StatusRow[] {
  const canaryIntervalMs = durationMs(canaryInterval);
  const rows = table.table.map((row) => statusRow(row, { provenAtMs: endedMs, canaryIntervalMs }));
  return declared(rows, { apps });
}

function declared(rows: readonly StatusRow[], { apps }: Pick<TruthTableSpec, 'apps'>): StatusRow[] {
  return rows.filter(({ label }) => apps.some((app) => app.label === label));
}

function verified(
  proof: Proof | undefined,
  kept: TruthTableStatus | undefined,
): Pick<TruthTableStatus, 'verifiedAt' | 'p95WriteMs'> {
  if (proof === undefined)
    return {
      ...(kept?.verifiedAt === undefined ? {} : { verifiedAt: kept.verifiedAt }),
      ...(kept?.p95WriteMs === undefined ? {} : { p95WriteMs: kept.p95WriteMs }),
    };
  const p95 = proof.table.p95_write_ms;
  return {
    verifiedAt: new Date(proof.endedMs).toISOString(),
    ...(p95 === null ? {} : { p95WriteMs: Math.ceil(p95) }),
  };
}
