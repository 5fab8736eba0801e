import type { Metrics } from '@scholar/runtime/metrics';
import { residualOf } from '../audit/conservation-view.ts';
import type { Severity } from '../audit/judged.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import type { CONTROLLER_METRICS } from '../controller/metrics.ts';
import type { TruthTableStatus } from '../crd/status.ts';
import type { Proof, Seen } from './seen.ts';

/** What passes found, for whoever makes alerts of it. */
export interface TableMetrics {
  /** An app of which nobody could compare anything has no series: no figure is not a good figure. */
  conservation: (key: string, apps: Snapshot['apps']) => void;
  guards: (key: string, last: TruthTableStatus['guards']) => void;
  /** Where nobody could look there are no findings, and not none. */
  seen: (key: string, seen: Seen) => void;
  /** The table is gone. */
  forget: (key: string) => void;
}

const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor', 'info'];

/** @param metrics of the operator's process; a key is a table as `namespace/name`. */
export function tableMetrics(metrics: Metrics<typeof CONTROLLER_METRICS>): TableMetrics {
  const residual = metrics.gauge('operator_conservation_residual');
  const failed = metrics.gauge('operator_guards_failed');
  const findings = metrics.gauge('operator_findings');
  const repairs = metrics.counter('operator_repairs_total');
  const proofs = metrics.counter('operator_proofs_total');
  const told = new Map<string, Set<string>>();
  // A rate needs the zero before the first one.
  for (const result of ['proven', 'unproven']) repairs.labels(result).inc(0);
  for (const verdict of ['green', 'red', 'unknown']) proofs.labels(verdict).inc(0);
  const forgetFindings = (key: string) => {
    for (const severity of SEVERITIES) findings.remove(key, severity);
  };
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
    seen(key, seen) {
      if (seen.kind !== 'looked') {
        forgetFindings(key);
        return;
      }
      for (const severity of SEVERITIES) {
        findings
          .labels(key, severity)
          .set(seen.findings.filter((found) => found.severity === severity).length);
      }
      for (const { ok } of seen.repairs) repairs.labels(ok ? 'proven' : 'unproven').inc();
      if (seen.proof !== undefined) proofs.labels(verdictOf(seen.proof)).inc();
    },
    forget(key) {
      forgetFindings(key);
      for (const label of told.get(key) ?? []) residual.remove(key, label);
      told.delete(key);
      failed.remove(key);
    },
  };
}

/** Of all applications together: unknown counts as not green. */
function verdictOf({ table }: Proof): 'green' | 'red' | 'unknown' {
  const verdicts = table.table.map(({ verdict }) => verdict);
  if (verdicts.includes('red')) return 'red';
  return verdicts.includes('unknown') || verdicts.length === 0 ? 'unknown' : 'green';
}
