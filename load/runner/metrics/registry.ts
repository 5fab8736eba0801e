import { createSink, type MetricType, type Sink } from './sinks.ts';

export type Contains = 'default' | 'time' | 'data';
export type Tags = Readonly<Record<string, string>>;

/** The samples of a metric that carry all of these tags; a threshold asked for it. */
export interface SubMetric {
  readonly name: string;
  readonly tags: Tags;
  readonly sink: Sink;
}

/** The samples of a metric that carry exactly these tags. */
export interface Series {
  readonly tags: Tags;
  readonly sink: Sink;
}

export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: Contains;
  readonly sink: Sink;
  readonly subMetrics: SubMetric[];
  /** By their tags; undefined where nobody asks for series. */
  readonly series: Map<string, Series> | undefined;
  readonly onSample: OnSample | undefined;
}

/** Is told each sample as it comes. */
export type OnSample = (metric: Metric, value: number, tags: Tags) => void;

/** Metrics that k6 has by itself, of those that our runner fills. */
const BUILT_IN: readonly [string, MetricType, Contains][] = [
  ['vus', 'gauge', 'default'],
  ['vus_max', 'gauge', 'default'],
  ['iterations', 'counter', 'default'],
  ['iteration_duration', 'trend', 'time'],
  ['dropped_iterations', 'counter', 'default'],
  ['checks', 'rate', 'default'],
  ['data_sent', 'counter', 'data'],
  ['data_received', 'counter', 'data'],
  ['http_reqs', 'counter', 'default'],
  ['http_req_failed', 'rate', 'default'],
  ['http_req_duration', 'trend', 'time'],
  ['http_req_blocked', 'trend', 'time'],
  ['http_req_sending', 'trend', 'time'],
  ['http_req_waiting', 'trend', 'time'],
  ['http_req_receiving', 'trend', 'time'],
];

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/;

/** One for a run; all VUs write into it. */
export class Metrics {
  readonly #all = new Map<string, Metric>();
  readonly #builtIn = new Set(BUILT_IN.map(([name]) => name));
  readonly #keepsSeries: boolean;
  readonly #onSample: OnSample | undefined;

  /** @param keepsSeries for Prometheus: each sample is kept once more, under its own tags */
  constructor({
    keepsSeries = false,
    onSample,
  }: { keepsSeries?: boolean; onSample?: OnSample | undefined } = {}) {
    this.#keepsSeries = keepsSeries;
    this.#onSample = onSample;
    for (const [name, type, contains] of BUILT_IN) this.#create(name, type, contains);
  }

  get all(): readonly Metric[] {
    return [...this.#all.values()];
  }

  /** The same metric for the same name, in each VU. @throws Error when the name is no name, or means another metric already */
  declare(name: string, type: MetricType, contains: Contains): Metric {
    if (!NAME.test(name))
      throw new Error(`'${name}' is no name of a metric: letters, digits and _, no digit first`);
    const known = this.#all.get(name);
    if (known === undefined) return this.#create(name, type, contains);
    if (this.#builtIn.has(name)) throw new Error(`${name} is a metric of k6 itself`);
    if (known.type !== type || known.contains !== contains)
      throw new Error(`the metric ${name} is declared twice, and not alike`);
    return known;
  }

  find(name: string): Metric | undefined {
    return this.#all.get(name);
  }

  /** @throws Error when there is no such metric */
  add(name: string, value: number, tags: Tags): void {
    const metric = this.#all.get(name);
    if (metric === undefined) throw new Error(`there is no metric ${name}`);
    record(metric, value, tags);
  }

  #create(name: string, type: MetricType, contains: Contains): Metric {
    const series = this.#keepsSeries ? new Map<string, Series>() : undefined;
    const onSample = this.#onSample;
    const metric = { name, type, contains, sink: createSink(type), subMetrics: [], series, onSample };
    this.#all.set(name, metric);
    return metric;
  }
}

export function record(metric: Metric, value: number, tags: Tags): void {
  metric.sink.add(value);
  for (const { tags: wanted, sink } of metric.subMetrics) {
    if (Object.entries(wanted).every(([key, expected]) => tags[key] === expected)) sink.add(value);
  }
  metric.onSample?.(metric, value, tags);
  if (metric.series !== undefined) seriesOf(metric.series, metric.type, tags).sink.add(value);
}

/** An empty tag is none, and their order means nothing. */
function seriesOf(all: Map<string, Series>, type: MetricType, given: Tags): Series {
  const tags = Object.entries(given)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const key = JSON.stringify(tags);
  const known = all.get(key);
  if (known !== undefined) return known;
  const created = { tags: Object.fromEntries(tags), sink: createSink(type) };
  all.set(key, created);
  return created;
}

/** The sub-metric for `{key:value, …}`; one that is there already serves again. */
export function subMetricOf(metric: Metric, tags: Tags): SubMetric {
  const inside = Object.entries(tags)
    .map(([key, value]) => `${key}:${value}`)
    .join(',');
  const name = `${metric.name}{${inside}}`;
  const known = metric.subMetrics.find((sub) => sub.name === name);
  if (known !== undefined) return known;
  const created = { name, tags, sink: createSink(metric.type) };
  metric.subMetrics.push(created);
  return created;
}
