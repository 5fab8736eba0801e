import { createHash } from 'node:crypto';
import type { Checks } from './checks.ts';
import type { Metrics } from './metrics/registry.ts';
import type { MetricType } from './metrics/sinks.ts';
import type { ThresholdVerdict } from './metrics/thresholds.ts';

export interface SummaryMetric {
  type: MetricType;
  contains: string;
  values: Record<string, number>;
  thresholds?: Record<string, { ok: boolean }>;
}

/** What `handleSummary` is given (k6's documentation, "Custom summary"), and who made it. */
export interface Summary {
  metrics: Record<string, SummaryMetric>;
  root_group: {
    name: string;
    path: string;
    id: string;
    groups: unknown[];
    checks: { name: string; path: string; id: string; passes: number; fails: number }[];
  };
  options: { summaryTrendStats: readonly string[]; summaryTimeUnit: string; noColor: boolean };
  state: { isStdOutTTY: boolean; isStdErrTTY: boolean; testRunDurationMs: number };
}

/** Pure. Checks stand under their path in the root group: our scripts nest none. */
export function summarize(o: {
  metrics: Metrics;
  checks: Checks;
  verdicts: readonly ThresholdVerdict[];
  trendStats: readonly string[];
  durationMs: number;
  tty: { stdout: boolean; stderr: boolean };
}): Summary {
  const seconds = o.durationMs / 1000;
  const metrics: Record<string, SummaryMetric> = {};
  const tell = (
    name: string,
    of: { type: MetricType; contains: string },
    values: Record<string, number>,
  ): void => {
    const own = o.verdicts.filter(({ metric }) => metric === name);
    const thresholds = Object.fromEntries(own.map(({ expression, ok }) => [expression, { ok }]));
    metrics[name] = {
      type: of.type,
      contains: of.contains,
      values,
      ...(own.length > 0 ? { thresholds } : {}),
    };
  };
  for (const metric of o.metrics.all) {
    tell(metric.name, metric, metric.sink.values(seconds, o.trendStats));
    for (const sub of metric.subMetrics) tell(sub.name, metric, sub.sink.values(seconds, o.trendStats));
  }
  return {
    metrics,
    root_group: {
      ...{ name: '', path: '', id: idOf(''), groups: [] },
      checks: o.checks.all.map(({ group, name, passes, fails }) => {
        const path = `${group}::${name}`;
        return { name, path, id: idOf(path), passes, fails };
      }),
    },
    options: { summaryTrendStats: o.trendStats, summaryTimeUnit: '', noColor: false },
    state: { isStdOutTTY: o.tty.stdout, isStdErrTTY: o.tty.stderr, testRunDurationMs: o.durationMs },
  };
}

/** As k6 makes it of a path. */
const idOf = (path: string): string => createHash('md5').update(path).digest('hex');

/** For a person, where the script has no `handleSummary`. Pure. */
export function renderSummary({ metrics, root_group: root, state }: Summary): string {
  const lines = [`${(state.testRunDurationMs / 1000).toFixed(1)} s, by the runner of scholar (not k6)`, ''];
  for (const { name, passes, fails } of root.checks)
    lines.push(`${fails === 0 ? '✓' : '✗'} ${name}: ${passes} of ${passes + fails}`);
  const width = Math.max(...Object.keys(metrics).map((name) => name.length));
  for (const [name, { type, contains, values, thresholds = {} }] of Object.entries(metrics)) {
    lines.push(`${name.padEnd(width + 2, '.')} ${valuesText(type, contains, values)}`);
    for (const [expression, { ok }] of Object.entries(thresholds))
      lines.push(`  ${ok ? '✓' : '✗'} ${expression}`);
  }
  return `${lines.join('\n')}\n`;
}

function valuesText(type: MetricType, contains: string, values: Record<string, number>): string {
  if (type === 'rate') {
    const { rate = 0, passes = 0, fails = 0 } = values;
    return `${(rate * 100).toFixed(2)} % (${passes} of ${passes + fails})`;
  }
  const unit = contains === 'time' ? ' ms' : contains === 'data' ? ' B' : '';
  const shown = Object.entries(values).map(([name, value]) => `${name}=${Number(value.toFixed(2))}${unit}`);
  return shown.join(' ');
}
