import { APPS, type AppLabel, type RowVerdict, type TruthRow, type TruthTable } from '@scholar/contract';
import type { Judged } from '../../audit/judged.ts';
import type { ServedLabel } from '../../audit/remedy.ts';
import type { TruthTableSpec } from '../../crd/spec.ts';
import { objectName } from '../../target/cluster/names.ts';
import type { Proof } from '../seen.ts';

export const NOW = Date.UTC(2026, 0, 1);
export const INTERVAL_MS = 60_000;

/** The spec of a TruthTable over these apps, named and reached as the charts do. */
export function specOf(labels: readonly AppLabel[], more: Partial<TruthTableSpec> = {}): TruthTableSpec {
  const served = (label: ServedLabel, kind: 'Deployment' | 'StatefulSet') => ({
    workload: { kind, name: objectName(label) },
    url: `http://${objectName(label)}:8080`,
  });
  return {
    environment: 'staging',
    hub: {
      ...served('auto_com_center', 'Deployment'),
      database: { name: 'auto-com-center-app', key: 'DATABASE_URL' },
    },
    apps: labels.map((label) => ({
      label,
      ...served(label, 'StatefulSet'),
      secrets: [],
      minimumEventsPerHour: 0,
    })),
    remedy: 'Observe',
    canaryInterval: '1m',
    latencyBound: '150ms',
    guards: { every: '5m' },
    ...more,
  };
}

function rowOf(label: AppLabel, verdict: RowVerdict): TruthRow {
  const row = verdict === 'unknown' ? null : verdict === 'green';
  return {
    app: APPS[label].number,
    label,
    config: { ok: true, missing: [] },
    reachable: { health: true, ready: true, p95_ms: 1 },
    event: {
      event_id: '5d6c5f3e-6a3f-4a56-9a43-3c8c1d0c2b11',
      request_id: null,
      at: new Date(NOW).toISOString(),
      persisted: row,
      row,
      row_at: null,
      write_ms: 4,
      retries: 0,
    },
    verdict,
    reasons: verdict === 'green' ? [] : [`it is ${verdict}`],
  };
}

/** A verification that saw these verdicts. */
export function proofOf(verdicts: Partial<Record<AppLabel, RowVerdict>>, endedMs = NOW): Proof {
  const rows = Object.entries(verdicts) as [AppLabel, RowVerdict][];
  const table: TruthTable = {
    at: new Date(endedMs).toISOString(),
    environment: 'staging',
    target: 'cluster',
    p95_write_ms: 4.2,
    ok: rows.every(([, verdict]) => verdict === 'green'),
    table: rows.map(([label, verdict]) => rowOf(label, verdict)),
    simulations: [],
  };
  return { table, endedMs };
}

/** A finding that a restart of the app's forwarder would end. */
export function drift(label: AppLabel, code: Judged['code'] = 'a8_key_missing'): Judged {
  return {
    code,
    label,
    severity: 'critical',
    summary: `${label} drifted`,
    evidence: [],
    remedies: [{ kind: 'restart', label, role: 'forwarder' }],
  };
}
