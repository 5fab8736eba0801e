/** The module `k6/metrics`. */
import { here, initOnly } from '../context.ts';
import { type Contains, type Metric, record } from '../metrics/registry.ts';
import type { MetricType } from '../metrics/sinks.ts';
import { tagsOf } from '../tags.ts';

abstract class CustomMetric {
  readonly name: string;
  readonly #metric: Metric;

  protected constructor(type: MetricType, name: string, contains: Contains) {
    this.name = name;
    this.#metric = initOnly(`new ${type}('${name}')`).metrics.declare(name, type, contains);
  }

  /** A value that is no number is an error of the script: counted as one it would be a figure that nobody measured. */
  add(value: number | boolean, tags: Record<string, string> = {}): void {
    const number = Number(value);
    if (!Number.isFinite(number)) throw new TypeError(`${this.name}.add takes a number, not ${value}`);
    record(this.#metric, number, { ...tagsOf(here('add')), ...tags });
  }
}

const metricOf = (type: MetricType) =>
  class extends CustomMetric {
    constructor(name: string, isTime?: boolean) {
      super(type, name, isTime ? 'time' : 'default');
    }
  };

export const Counter = metricOf('counter');
export const Gauge = metricOf('gauge');
export const Rate = metricOf('rate');
export const Trend = metricOf('trend');
