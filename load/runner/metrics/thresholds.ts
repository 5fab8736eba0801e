import type { Metrics } from './registry.ts';
import { subMetricOf } from './registry.ts';
import { type MetricType, percentileOf, type Sink } from './sinks.ts';

/** As a script writes it: the expression, or with what happens when it fails. */
export type ThresholdOption =
  | string
  | { threshold: string; abortOnFail?: boolean | undefined; delayAbortEval?: string | number | undefined };

export interface Threshold {
  /** Of the metric or sub-metric. */
  readonly metric: string;
  readonly expression: string;
  readonly sink: Sink;
  readonly stat: string;
  readonly holds: (value: number) => boolean;
  readonly abortOnFail: boolean;
  readonly delayMs: number;
}

export interface ThresholdVerdict {
  metric: string;
  expression: string;
  value: number;
  ok: boolean;
}

const EXPRESSION = /^\s*([a-z]+(?:\([\d.]+\))?)\s*(<=|>=|===|==|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*$/;
const OPERATORS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '===': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};
const STATS: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'min', 'max'],
};

/**
 * Binds thresholds to metrics, before the first iteration. `name{key:value}` means the samples with that tag.
 * @throws Error when an expression is none, or names a metric that does not exist or has no such value
 */
export function bindThresholds(
  options: Readonly<Record<string, readonly ThresholdOption[]>>,
  { metrics, durationMs }: { metrics: Metrics; durationMs: (value: string | number) => number },
): Threshold[] {
  return Object.entries(options).flatMap(([selector, list]) => {
    const { name, tags } = parseSelector(selector);
    const metric = metrics.find(name);
    if (metric === undefined) throw new Error(`a threshold names the metric ${name}, which does not exist`);
    const { sink } = tags === undefined ? metric : subMetricOf(metric, tags);
    return list.map((option) => {
      const given = typeof option === 'string' ? { threshold: option } : option;
      const { stat, holds } = parseExpression(given.threshold);
      const known =
        STATS[metric.type].includes(stat) || (metric.type === 'trend' && percentileOf(stat) !== undefined);
      if (!known)
        throw new Error(
          `the threshold '${given.threshold}': a ${metric.type} such as ${name} has no ${stat}`,
        );
      return {
        ...{ metric: selector, expression: given.threshold, sink, stat, holds },
        abortOnFail: given.abortOnFail ?? false,
        delayMs: durationMs(given.delayAbortEval ?? 0),
      };
    });
  });
}

/** @param seconds of the run so far */
export function judgeThreshold(
  { metric, expression, sink, stat, holds }: Threshold,
  seconds: number,
): ThresholdVerdict {
  const value = sink.values(seconds, [stat])[stat] ?? 0;
  return { metric, expression, value, ok: holds(value) };
}

function parseExpression(text: string): { stat: string; holds: (value: number) => boolean } {
  const [, stat, operator, bound] = EXPRESSION.exec(text) ?? [];
  const compare = OPERATORS[operator ?? ''];
  if (stat === undefined || compare === undefined)
    throw new Error(`'${text}' is no threshold: write p(95)<150, rate<0.001 or count==0`);
  return { stat, holds: (value) => compare(value, Number(bound)) };
}

function parseSelector(selector: string): { name: string; tags?: Record<string, string> } {
  const [, name = '', inside] = /^([^{]+)(?:\{(.*)\})?$/.exec(selector) ?? [];
  if (inside === undefined) return { name };
  const tags = inside.split(',').map((part): [string, string] => {
    const at = part.indexOf(':');
    if (at < 1) throw new Error(`'${selector}': a tag is written {name:value}`);
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  });
  return { name, tags: Object.fromEntries(tags) };
}
