export { httpAttributes, messageAttributes } from './attributes.ts';
export { beginSpan } from './begin-span.ts';
export { createTracer, type ExportingTracer, type TracedProcess } from './create-tracer.ts';
export { TRACING_METRICS } from './metrics.ts';
export { OTLP_ENDPOINT } from './setting.ts';
export { type Span, type SpanAttributes, type SpanKind, silentTracer, type Tracer } from './span.ts';
