import { type Clock, systemClock } from '../clock/index.ts';
import type { Component } from '../lifecycle/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { TRACING_METRICS } from './metrics.ts';
import { silentTracer, type Tracer } from './span.ts';
import { type ExportSpans, SpanQueue } from './span-queue.ts';

/** Who the spans are of (`service.*` of the semantic conventions). */
export type TracedProcess = {
  /** The label, with `-forwarder` for one. */
  name: string;
  version: string;
  environment: string;
};

export type TracerOptions = {
  /** OTEL_EXPORTER_OTLP_ENDPOINT; undefined: nothing is exported, and nothing of OpenTelemetry is loaded. */
  endpoint: string | undefined;
  process: TracedProcess;
  metrics: Metrics<typeof TRACING_METRICS>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  clock?: Clock;
};

/** Add it to the lifecycle before everything that records, so that it is the last to stop. */
export type ExportingTracer = Tracer & Component;

/** What a stop may cost; spans are no reason to be late. */
const STOP_MS = 1_000;

/** Makes where the spans of this process go. Nothing that the endpoint does reaches the work that is traced. */
export function createTracer(options: TracerOptions): ExportingTracer {
  const { endpoint, process, metrics, log, clock = systemClock } = options;
  if (endpoint === undefined) return { ...silentTracer };
  const outcomes = metrics.counter('trace_spans_total');
  let close: () => Promise<void> = async () => {};
  let exporting: Promise<ExportSpans> | undefined;
  const queue = new SpanQueue({
    exportSpans: async (spans) => {
      exporting ??= loadExporter(endpoint, process).then((exporter) => {
        close = exporter.close;
        return exporter.exportSpans;
      });
      await (await exporting)(spans);
    },
    count: (outcome, spans) => outcomes.labels(outcome).inc(spans),
    onFault: (error) => log.warn({ reason: reasonOf(error) }, 'spans cannot be exported; they are dropped'),
    onRecovery: () => log.info({}, 'spans are exported again'),
    clock,
  });
  return {
    recording: true,
    record(span) {
      if (span.context.sampled) queue.push(span);
    },
    async stop() {
      await queue.close(STOP_MS);
      await close();
    },
  };
}

/** The exporter and what it stands on take some megabytes of memory: only who exports loads them. */
async function loadExporter(endpoint: string, process: TracedProcess) {
  const { createOtlpExporter } = await import('./otlp-exporter.ts');
  return createOtlpExporter(endpoint, process);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
