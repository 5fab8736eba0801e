import type { DrillSummary } from '@scholar/contract';
import type { TruthTableStatus } from './status.ts';

export type LastDrill = NonNullable<TruthTableStatus['lastDrill']>;

/** Pure: a drill as the status holds it. */
export function lastDrillOf(drill: DrillSummary): LastDrill {
  const { at, label, ok, events, queued, refused_full, rows, recovery_ms } = drill;
  return {
    ...{ at, app: label, ok, events, queued, refusedFull: refused_full, rows },
    ...(recovery_ms === null ? {} : { recoveryMs: Math.ceil(recovery_ms) }),
  };
}

/** Pure: the same drill as A8 is told it. */
export function drillSummaryOf(drill: LastDrill): DrillSummary {
  const { at, app, ok, events, queued, refusedFull, rows, recoveryMs } = drill;
  return {
    ...{ at, label: app, ok, events, queued, refused_full: refusedFull, rows },
    recovery_ms: recoveryMs ?? null,
  };
}
