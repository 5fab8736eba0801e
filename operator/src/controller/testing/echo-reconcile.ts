import { withConditions } from '../../crd/conditions.ts';
import { transitions } from '../../crd/transitions.ts';
import type { Reconcile } from '../controller.ts';
import type { Tools } from '../operator.ts';
import { TRUTH_TABLES } from '../truth-tables.ts';

/** Also without a change every object is looked at so often. */
const INTERVAL_MS = 60_000;

/**
 * A reconciliation that asks nobody: the status follows from the spec alone. It has the shape of a real one (one status
 * patch, none without a change, Events on transitions), so the machinery around it can be tested and measured.
 */
export function echoReconcile({ table: tableOf, applier, events, clock }: Tools): Reconcile {
  return async (key) => {
    const table = tableOf(key);
    if (table === undefined || table.metadata.deletionTimestamp !== undefined)
      return { requeueAfterMs: undefined };
    const { metadata, spec, status } = table;
    const before = status?.conditions ?? [];
    const at = new Date(clock.now()).toISOString();
    const wanted = [
      { type: 'Ready', reason: spec.remedy === 'Repair' ? 'AllGreen' : 'RowUnknown', message: 'echo' },
      { type: 'Progressing', reason: 'Settled', message: 'echo' },
      { type: 'Degraded', reason: 'AsExpected', message: 'echo' },
    ] as const;
    const observedGeneration = metadata.generation ?? 0;
    const conditions = withConditions(before, wanted, { observedGeneration, at });
    const written = await applier.applyStatus(TRUTH_TABLES, {
      metadata,
      current: status,
      status: {
        observedGeneration,
        conditions,
        summary: { green: spec.apps.length, red: 0, unknown: 0 },
      },
    });
    if (written) {
      const notices = transitions(before, conditions);
      await Promise.all(notices.map((said) => events.record({ resource: TRUTH_TABLES, metadata }, said)));
    }
    return { requeueAfterMs: INTERVAL_MS };
  };
}
