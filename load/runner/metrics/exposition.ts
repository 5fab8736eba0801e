import type { Metric, Series, Tags } from './registry.ts';

/** What k6's remote write sends of a trend when K6_PROMETHEUS_RW_TREND_STATS names these. */
export const TREND_STATS = ['p(50)', 'p(95)', 'p(99)', 'max'];

/** One name of Prometheus for a value of a metric. */
interface Family {
  name: string;
  kind: 'counter' | 'gauge';
  /** As the sink calls the value. */
  stat: string;
  scale: number;
}

/**
 * Prometheus' text format, under the names and labels of k6's remote write (k6's documentation, "Prometheus remote write"): k6_
 * first, _total for a counter, _rate for a rate, one name for each percentile, times in seconds, a series for each set of tags. Pure.
 * @param seconds of the run so far
 */
export function renderMetrics(metrics: readonly Metric[], seconds: number): string {
  return metrics.flatMap((metric) => familiesOf(metric).map((one) => render(metric, one, seconds))).join('');
}

function familiesOf({ name, type, contains }: Metric): Family[] {
  const one = (suffix: string, kind: Family['kind'], stat: string): Family[] => [
    { name: `k6_${name}${suffix}`, kind, stat, scale: 1 },
  ];
  if (type === 'counter') return one('_total', 'counter', 'count');
  if (type === 'rate') return one('_rate', 'gauge', 'rate');
  if (type === 'gauge') return one('', 'gauge', 'value');
  const scale = contains === 'time' ? 0.001 : 1;
  return TREND_STATS.map((stat) => ({
    ...{ name: `k6_${name}_${stat.replace(/[()]/gu, '')}`, kind: 'gauge', stat, scale },
  }));
}

function render(metric: Metric, { name, kind, stat, scale }: Family, seconds: number): string {
  const lines = seriesToTell(metric).map(({ tags, sink }) => {
    const value = (sink.values(seconds, [stat])[stat] ?? 0) * scale;
    return `${name}${labelsOf(tags)} ${Number(value.toPrecision(12))}\n`;
  });
  if (lines.length === 0) return '';
  return `# HELP ${name} ${stat} of the metric ${metric.name} of k6.\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}

/** A counter or rate that nothing was added to is told as 0, so that nobody takes it for one that is not there. */
function seriesToTell({ type, series, sink }: Metric): Pick<Series, 'tags' | 'sink'>[] {
  const all = [...(series?.values() ?? [])];
  return all.length > 0 || type === 'trend' || type === 'gauge' ? all : [{ tags: {}, sink }];
}

function labelsOf(tags: Tags): string {
  const pairs = Object.entries(tags).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string): string =>
  value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
