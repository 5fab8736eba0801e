import type { DrillSummary } from '@scholar/contract';
import type { Reconcile } from '../controller/controller.ts';
import type { Tools } from '../controller/operator.ts';
import { type KnownTable, TRUTH_TABLES } from '../controller/truth-tables.ts';
import { CouldNotLook } from '../could-not-look.ts';
import { drillSummaryOf } from '../crd/last-drill.ts';
import { transitions } from '../crd/transitions.ts';
import { createDrills, type DrillOnce } from './drills.ts';
import { type LookDeps, look, type Memory, NO_MEMORY } from './look.ts';
import { areGuardsDue, isDue, nextPassMs } from './next-pass.ts';
import type { Seen } from './seen.ts';
import { statusOf } from './status-of.ts';
import { tableMetrics } from './table-metrics.ts';
import { unusable, wantedTarget } from './wanted-target.ts';

/**
 * The reconciliation of TruthTables. A pass looks once, writes its status once and records Events on transitions alone
 * (docs/operator.md).
 */
export function reconcileTables(tools: Tools, { drillOnce, ...deps }: ReconcileDeps): Reconcile {
  const { clock } = tools;
  const drills = createDrills({ drillOnce, clock, log: deps.log });
  const told = tableMetrics(tools.metrics);
  const memories = new Map<string, Memory>();
  return async (key, signal) => {
    const table = tools.table(key);
    if (table === undefined || table.metadata.deletionTimestamp !== undefined) {
      memories.delete(key);
      drills.forget(key);
      told.forget(key);
      return { requeueAfterMs: undefined };
    }
    const memory = memories.get(key) ?? NO_MEMORY;
    const after = await passOver(table, {
      // Two tables of one namespace may speak of the same app; only one of them repairs it at a time.
      deps: {
        ...{ ...deps, clock, holder: `${deps.holder} for ${key}` },
        onGathered: ({ apps }) => told.conservation(key, apps),
      },
      memory,
      drill: drills.last(key),
      signal,
    });
    memories.set(key, after.memory);
    const { metadata, spec, status: before } = table;
    const nowMs = clock.now();
    const generation = metadata.generation ?? 0;
    const { seen } = after;
    const status = statusOf({ before, generation, spec, seen, drill: drills.last(key), nowMs });
    told.guards(key, status.guards);
    told.seen(key, seen);
    const written = await tools.applier.applyStatus(TRUTH_TABLES, { metadata, current: before, status });
    if (written) {
      const notices = transitions(before?.conditions ?? [], status.conditions ?? []);
      await Promise.all(
        notices.map((said) => tools.events.record({ resource: TRUTH_TABLES, metadata }, said)),
      );
    }
    const wanted = wantedTarget(spec, metadata.namespace ?? 'default');
    // Only beside a system that can be looked at: elsewhere a drill would find nothing that is not known already.
    if (seen.kind === 'looked') drills.consider(key, { wanted, lastAt: status.lastDrill?.at, signal });
    const { canaryIntervalMs: intervalMs, guardsEveryMs } = wanted;
    return { requeueAfterMs: nextPassMs({ seen, status, intervalMs, guardsEveryMs, nowMs }) };
  };
}

export interface ReconcileDeps extends Omit<LookDeps, 'clock'> {
  drillOnce: DrillOnce;
}

interface Pass {
  deps: LookDeps;
  memory: Memory;
  drill: DrillSummary | undefined;
  signal: AbortSignal;
}

async function passOver(
  { metadata, spec, status }: KnownTable,
  { deps, memory, drill, signal }: Pass,
): Promise<{ seen: Seen; memory: Memory }> {
  const namespace = metadata.namespace ?? 'default';
  const why = unusable(spec, namespace);
  if (why !== undefined) return { seen: { kind: 'unusable', why }, memory: NO_MEMORY };
  if (status?.observedGeneration !== (metadata.generation ?? 0))
    return { seen: { kind: 'announced' }, memory: NO_MEMORY };
  const wanted = wantedTarget(spec, namespace);
  const { canaryIntervalMs: intervalMs, guardsEveryMs: everyMs } = wanted;
  const nowMs = deps.clock.now();
  const due = isDue(status, intervalMs, nowMs);
  const guards = areGuardsDue(status.guards, { everyMs, intervalMs, nowMs })
    ? (status.rows ?? [])
    : undefined;
  try {
    const told = drill ?? (status.lastDrill === undefined ? undefined : drillSummaryOf(status.lastDrill));
    return await look(deps, { wanted, due, memory, guards, lastDrill: told, signal });
  } catch (cause) {
    // What is known expires by itself; that nobody could look is part of the status and no failed pass.
    if (!(cause instanceof CouldNotLook)) throw cause;
    return { seen: { kind: 'blind', why: cause.message }, memory: NO_MEMORY };
  }
}
