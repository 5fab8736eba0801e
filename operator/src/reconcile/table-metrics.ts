import type { Metrics } from '@scholar/runtime/metrics';
import { residualOf } from '../audit/conservation-view.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import type { CONTROLLER_METRICS } from '../controller/metrics.ts';
import type { TruthTableStatus } from '../crd/status.ts';

/** What passes found, for whoever makes alerts of it. */
export interface TableMetrics {
  /** An app of which nobody could compare anything has no series: no figure is not a good figure. */
  conservation: (key: string, apps: Snapshot['apps']) => void;
  guards: (key: string, last: TruthTableStatus['guards']) => void;
  /** The table is gone. */
  forget: (key: string) => void;
}

/** @param metrics of the operator's process; a key is a table as `namespace/name`. */
export function tableMetrics(metrics: Metrics<typeof CONTROLLER_METRICS>): TableMetrics {
  const residual = metrics.gauge('operator_conservation_residual');
  const failed = metrics.gauge('operator_guards_failed');
  const told = new Map<string, Set<string>>();
  return {
    conservation(key, apps) {
      const labels = told.get(key) ?? new Set();
      for (const { label, conservation = [] } of apps) {
        if (conservation.length === 0) {
          residual.remove(key, label);
          continue;
        }
        labels.add(label);
        residual.labels(key, label).set(conservation.reduce((sum, view) => sum + residualOf(view), 0));
      }
      told.set(key, labels);
    },
    guards(key, last) {
      if (last === undefined) failed.remove(key);
      else failed.labels(key).set(last.failed);
    },
    forget(key) {
      for (const label of told.get(key) ?? []) residual.remove(key, label);
      told.delete(key);
      failed.remove(key);
    },
  };
}
