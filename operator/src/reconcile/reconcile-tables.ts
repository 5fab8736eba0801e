import type { Reconcile } from '../controller/controller.ts';
import type { Tools } from '../controller/operator.ts';
import { type KnownTable, TRUTH_TABLES } from '../controller/truth-tables.ts';
import { CouldNotLook } from '../could-not-look.ts';
import { transitions } from '../crd/transitions.ts';
import { type LookDeps, look, type Memory, NO_MEMORY } from './look.ts';
import { isDue, nextPassMs } from './next-pass.ts';
import type { Seen } from './seen.ts';
import { statusOf } from './status-of.ts';
import { unusable, wantedTarget } from './wanted-target.ts';

/**
 * The reconciliation of TruthTables. A pass looks once, writes its status once and records Events on transitions alone
 * (docs/operator.md).
 */
export function reconcileTables(tools: Tools, deps: Omit<LookDeps, 'clock'>): Reconcile {
  const { clock } = tools;
  const memories = new Map<string, Memory>();
  return async (key, signal) => {
    const table = tools.table(key);
    if (table === undefined || table.metadata.deletionTimestamp !== undefined) {
      memories.delete(key);
      return { requeueAfterMs: undefined };
    }
    const memory = memories.get(key) ?? NO_MEMORY;
    const after = await passOver(table, { deps: { ...deps, clock }, memory, signal });
    memories.set(key, after.memory);
    const { metadata, spec, status: before } = table;
    const nowMs = clock.now();
    const generation = metadata.generation ?? 0;
    const status = statusOf({ before, generation, spec, seen: after.seen, nowMs });
    const written = await tools.applier.applyStatus(TRUTH_TABLES, { metadata, current: before, status });
    if (written) {
      const notices = transitions(before?.conditions ?? [], status.conditions ?? []);
      await Promise.all(
        notices.map((said) => tools.events.record({ resource: TRUTH_TABLES, metadata }, said)),
      );
    }
    const intervalMs = wantedTarget(spec, metadata.namespace ?? '').canaryIntervalMs;
    return { requeueAfterMs: nextPassMs({ seen: after.seen, status, intervalMs, nowMs }) };
  };
}

interface Pass {
  deps: LookDeps;
  memory: Memory;
  signal: AbortSignal;
}

async function passOver(
  { metadata, spec, status }: KnownTable,
  { deps, memory, signal }: Pass,
): Promise<{ seen: Seen; memory: Memory }> {
  const namespace = metadata.namespace ?? 'default';
  const why = unusable(spec, namespace);
  if (why !== undefined) return { seen: { kind: 'unusable', why }, memory: NO_MEMORY };
  if (status?.observedGeneration !== (metadata.generation ?? 0))
    return { seen: { kind: 'announced' }, memory: NO_MEMORY };
  const wanted = wantedTarget(spec, namespace);
  const due = isDue(status, wanted.canaryIntervalMs, deps.clock.now());
  try {
    return await look(deps, { wanted, due, memory, signal });
  } catch (cause) {
    // What is known expires by itself; that nobody could look is part of the status and no failed pass.
    if (!(cause instanceof CouldNotLook)) throw cause;
    return { seen: { kind: 'blind', why: cause.message }, memory: NO_MEMORY };
  }
}
