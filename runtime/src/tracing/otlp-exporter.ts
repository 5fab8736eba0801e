import { type HrTime, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { TraceContext } from '@scholar/contract';
import type { TracedProcess } from './create-tracer.ts';
import type { Span } from './span.ts';
import type { ExportSpans } from './span-queue.ts';

/** The longest that one request, its repetitions included, may keep the others waiting. */
const TIMEOUT_MS = 5_000;

const KIND = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const SCOPE = { name: 'scholar' };
const SUCCESS = 0;

/**
 * OTLP over HTTP, JSON. Only this file knows OpenTelemetry, and only `createTracer` loads it. Headers, certificates and compression
 * come from the library's own variables (OTEL_EXPORTER_OTLP_HEADERS, …_CERTIFICATE, …_COMPRESSION).
 */
export function createOtlpExporter(
  endpoint: string,
  process: TracedProcess,
): { exportSpans: ExportSpans; close: () => Promise<void> } {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: TIMEOUT_MS });
  const resource = resourceFromAttributes({
    'service.namespace': 'scholar',
    'service.name': process.name,
    'service.version': process.version,
    'deployment.environment.name': process.environment,
  });
  return {
    exportSpans: (spans) =>
      new Promise((exported, failed) => {
        exporter.export(
          spans.map((span) => readable(span, resource)),
          ({ code, error }) => {
            if (code === SUCCESS) exported();
            else failed(error ?? new Error('the collector did not take the spans'));
          },
        );
      }),
    close: () => exporter.shutdown(),
  };
}

function readable(span: Span, resource: Resource): ReadableSpan {
  const { name, kind, context, parent, startMs, durationMs, attributes, error } = span;
  const spanContext = contextOf(context);
  return {
    name,
    kind: KIND[kind],
    spanContext: () => spanContext,
    ...(parent === undefined ? {} : { parentSpanContext: { ...contextOf(parent), isRemote: true } }),
    startTime: timeOf(startMs),
    endTime: timeOf(startMs + durationMs),
    duration: timeOf(durationMs),
    status: { code: error === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes: error === undefined ? attributes : { ...attributes, 'error.type': error },
    ...{ links: [], events: [], ended: true, resource, instrumentationScope: SCOPE },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}

function contextOf({ traceId, spanId, sampled }: TraceContext): SpanContext {
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
}

/** Seconds and nanoseconds. */
function timeOf(milliseconds: number): HrTime {
  const seconds = Math.trunc(milliseconds / 1_000);
  return [seconds, Math.round((milliseconds - seconds * 1_000) * 1e6)];
}
