import { CONTROLLER_METRICS } from '../../operator/src/controller/metrics.ts';
import { BUILD_METRICS } from '../../runtime/src/build/metrics.ts';
import { EMIT_METRICS } from '../../runtime/src/emit/metrics.ts';
import { HTTP_METRICS } from '../../runtime/src/http/http-metrics.ts';
import type { MetricTable } from '../../runtime/src/metrics/table.ts';
import { OUTBOX_METRICS } from '../../runtime/src/outbox/metrics.ts';
import { TRACING_METRICS } from '../../runtime/src/tracing/metrics.ts';
import { METRICS as HUB_METRICS } from '../../services/auto_com_center/src/metrics.ts';
import { PAGE_MAKER_METRICS } from '../../services/auto_page_maker/src/metrics.ts';
import { AUTH_METRICS } from '../../services/scholar_auth/src/metrics.ts';
import { AGENT_METRICS } from '../../services/scholarship_agent/src/metrics.ts';
import { SAGE_METRICS } from '../../services/scholarship_sage/src/metrics.ts';
import { FORWARDER_METRICS } from '../../sidecar/src/metrics.ts';

/** Some metrics, and the processes that export them. */
export interface MetricSource {
  /** File of the table, under the root of the repository. */
  file: string;
  title: string;
  exportedBy: string;
  table: MetricTable;
}

/** What several kinds of process export: their own tables contain these. */
const SHARED: readonly MetricSource[] = [
  {
    file: 'runtime/src/outbox/metrics.ts',
    title: 'Outbox of a service',
    exportedBy: 'A1–A7',
    table: OUTBOX_METRICS,
  },
  { file: 'runtime/src/emit/metrics.ts', title: 'Emission', exportedBy: 'A1–A7', table: EMIT_METRICS },
  {
    file: 'runtime/src/http/http-metrics.ts',
    title: 'Public port',
    exportedBy: 'A1–A8 and the Stripe sandbox',
    table: HTTP_METRICS,
  },
  {
    file: 'runtime/src/tracing/metrics.ts',
    title: 'Tracing',
    exportedBy: 'A1–A8 and the forwarders',
    table: TRACING_METRICS,
  },
  {
    file: 'runtime/src/build/metrics.ts',
    title: 'Build',
    exportedBy: 'every process but the Stripe sandbox',
    table: BUILD_METRICS,
  },
];

const OWN: readonly MetricSource[] = [
  {
    file: 'services/auto_com_center/src/metrics.ts',
    title: 'A8',
    exportedBy: 'A8 (auto_com_center)',
    table: HUB_METRICS,
  },
  {
    file: 'sidecar/src/metrics.ts',
    title: 'Forwarder',
    exportedBy: 'the forwarders of A1–A7',
    table: FORWARDER_METRICS,
  },
  {
    file: 'operator/src/controller/metrics.ts',
    title: 'Operator',
    exportedBy: 'the operator',
    table: CONTROLLER_METRICS,
  },
  {
    file: 'services/scholar_auth/src/metrics.ts',
    title: 'A1',
    exportedBy: 'A1 (scholar_auth)',
    table: AUTH_METRICS,
  },
  {
    file: 'services/scholarship_agent/src/metrics.ts',
    title: 'A3',
    exportedBy: 'A3 (scholarship_agent)',
    table: AGENT_METRICS,
  },
  {
    file: 'services/scholarship_sage/src/metrics.ts',
    title: 'A4',
    exportedBy: 'A4 (scholarship_sage)',
    table: SAGE_METRICS,
  },
  {
    file: 'services/auto_page_maker/src/metrics.ts',
    title: 'A7',
    exportedBy: 'A7 (auto_page_maker)',
    table: PAGE_MAKER_METRICS,
  },
];

/** Every table of metrics there is, each metric in one of them. A test holds the list against the sources. */
export const METRIC_SOURCES: readonly MetricSource[] = [...OWN.map(withoutShared), ...SHARED];

/** @returns every metric that some process declares. */
export function declaredMetrics(): Map<string, MetricTable[string]> {
  return new Map(METRIC_SOURCES.flatMap(({ table }) => Object.entries(table)));
}

function withoutShared(source: MetricSource): MetricSource {
  const shared = new Set(SHARED.flatMap(({ table }) => Object.keys(table)));
  const own = Object.entries(source.table).filter(([name]) => !shared.has(name));
  return { ...source, table: Object.fromEntries(own) };
}
