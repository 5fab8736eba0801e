import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { buildStamp } from '../build/build-stamp.ts';
import { BUILD_METRICS } from '../build/metrics.ts';
import { cacheChildren } from './cache-children.ts';
import { collectProcessMetrics } from './loop-lag.ts';
import type { MetricDefinition, MetricTable, NamesOf } from './table.ts';

/** The metrics of a table. Those of a larger table serve whoever needs the names of a smaller one. */
export type Metrics<T extends MetricTable = MetricTable> = NamedMetrics<
  NamesOf<T, 'counter'>,
  NamesOf<T, 'gauge'>,
  NamesOf<T, 'histogram'>
>;

interface NamedMetrics<in Counters extends string, in Gauges extends string, in Histograms extends string> {
  readonly registry: Registry;
  /** The content type of `render()`. */
  readonly contentType: string;
  counter(name: Counters): Counter<string>;
  gauge(name: Gauges): Gauge<string>;
  histogram(name: Histograms): Histogram<string>;
  /** `fn` runs before each render: the place to set gauges that are looked up rather than counted. */
  collect(fn: () => void | Promise<void>): void;
  /** The exposition text of every metric. */
  render(): Promise<string>;
}

/**
 * Registers a table in a registry of its own; the process-wide registry of the library is never touched.
 * Every series without labels starts at zero, so that a rate over it is defined from the first scrape.
 * @param defaultLabels put on every series, e.g. `{ app: 'scholar_auth' }`.
 * @param options.process also collect memory, CPU and event-loop metrics of this process, and what it was built from; off
 * by default.
 */
export function createMetrics<const T extends MetricTable>(
  table: T,
  defaultLabels: Record<string, string> = {},
  options: { process?: boolean } = {},
): Metrics<T> {
  const registry = new Registry();
  registry.setDefaultLabels(defaultLabels);
  if (options.process) {
    collectProcessMetrics(registry);
    tellBuild(registry);
  }
  const counters = register(table, 'counter', (name, def) => new Counter({ ...base(name, def, registry) }));
  const gauges = register(table, 'gauge', (name, def) => new Gauge({ ...base(name, def, registry) }));
  const histograms = register(table, 'histogram', (name, def) => createHistogram(name, def, registry));
  const collectors: Array<() => void | Promise<void>> = [];
  return {
    registry,
    contentType: registry.contentType,
    counter: (name) => lookUp(counters, name, 'counter'),
    gauge: (name) => lookUp(gauges, name, 'gauge'),
    histogram: (name) => lookUp(histograms, name, 'histogram'),
    collect: (fn) => void collectors.push(fn),
    async render() {
      // A collector that fails must not take the other metrics from the scrape; its gauges keep their last value.
      await Promise.allSettled(collectors.map(async (fn) => fn()));
      return registry.metrics();
    },
  };
}

function tellBuild(registry: Registry): void {
  const name = 'scholar_build_info';
  const { version, commit, digest } = buildStamp();
  new Gauge(base(name, BUILD_METRICS[name], registry)).labels(version, commit ?? 'unknown', digest).set(1);
}

function base(name: string, def: MetricDefinition, registry: Registry) {
  return { name, help: def.help, labelNames: [...(def.labels ?? [])], registers: [registry] };
}

function createHistogram(name: string, def: MetricDefinition, registry: Registry): Histogram<string> {
  const buckets = def.type === 'histogram' && def.buckets ? { buckets: [...def.buckets] } : {};
  return new Histogram({ ...base(name, def, registry), ...buckets });
}

function register<M extends { labels(...args: never[]): object }>(
  table: MetricTable,
  type: MetricDefinition['type'],
  create: (name: string, def: MetricDefinition) => M,
): Map<string, M> {
  const entries = Object.entries(table).filter(([, def]) => def.type === type);
  return new Map(entries.map(([name, def]) => [name, cacheChildren(create(name, def))]));
}

function lookUp<M>(metrics: Map<string, M>, name: string, type: string): M {
  const metric = metrics.get(name);
  if (!metric) {
    throw new Error(
      `No ${type} named ${name} is in the metrics table: add it there, nothing else may name a metric.`,
    );
  }
  return metric;
}
