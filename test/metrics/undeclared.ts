import type { Selector } from '../../charts/promql/read-promql.ts';
import { declaredMetrics } from './metric-tables.ts';

/** What Prometheus adds to a series by its target, and what histograms have. */
const ADDED = ['namespace', 'pod', 'app', 'le'];
const HISTOGRAM_PART = /_(bucket|count|sum)$/;

const declared = declaredMetrics();

/** What no process declares of a metric and of the labels that it is selected by. */
export function undeclared({ metric, matchers }: Pick<Selector, 'metric' | 'matchers'>): string[] {
  const definition = declared.get(metric) ?? histogram(metric);
  if (definition === undefined) return [`${metric} is declared by nobody`];
  const known = [...ADDED, ...(definition.labels ?? [])];
  return Object.keys(matchers)
    .filter((label) => !known.includes(label))
    .map((label) => `${metric} has no label ${label}`);
}

function histogram(name: string): { labels?: readonly string[] } | undefined {
  const definition = declared.get(name.replace(HISTOGRAM_PART, ''));
  return definition?.type === 'histogram' ? definition : undefined;
}
