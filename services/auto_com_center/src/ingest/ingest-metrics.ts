import type { AppLabel, EventType, ProblemCode } from '@scholar/contract';
import type { Metrics } from '@scholar/runtime/metrics';
import type { METRICS } from '../metrics.ts';

export type HubMetrics = Metrics<typeof METRICS>;

type Child = { inc(value?: number): void };
type Observer = { observe(value: number): void };

/** The counters of the hot path, with their children looked up once. */
export class IngestMetrics {
  readonly #metrics: HubMetrics;
  readonly #acknowledged = new Map<string, Child>();
  readonly #refused = new Map<string, Child>();
  readonly #seconds: { true: Observer; false: Observer };

  constructor(metrics: HubMetrics) {
    this.#metrics = metrics;
    const histogram = metrics.histogram('a8_event_write_seconds');
    this.#seconds = {
      true: histogram.labels({ canary: 'true' }),
      false: histogram.labels({ canary: 'false' }),
    };
  }

  acknowledged(event: {
    label: AppLabel;
    type: EventType;
    inserted: boolean;
    canary: boolean;
    ms: number;
  }): void {
    const { label, type, inserted, canary, ms } = event;
    const name = `${label} ${type} ${inserted} ${canary}`;
    let child = this.#acknowledged.get(name);
    if (child === undefined) {
      const labels = { app: label, type, result: inserted ? 'new' : 'duplicate', canary: String(canary) };
      child = this.#metrics.counter('a8_events_total').labels(labels);
      this.#acknowledged.set(name, child);
    }
    child.inc();
    this.#seconds[`${canary}`].observe(ms / 1000);
  }

  refused(code: ProblemCode, canary: boolean): void {
    const name = `${code} ${canary}`;
    let child = this.#refused.get(name);
    if (child === undefined) {
      child = this.#metrics.counter('a8_refused_total').labels({ code, canary: String(canary) });
      this.#refused.set(name, child);
    }
    child.inc();
  }

  legacyEndpoint(app: AppLabel | 'unknown', canary: boolean): void {
    this.#metrics
      .counter('a8_legacy_endpoint_total')
      .labels({ app, canary: String(canary) })
      .inc();
  }

  legacyAlias(app: AppLabel, alias: string): void {
    this.#metrics.counter('a8_legacy_alias_total').labels({ app, alias }).inc();
  }
}
