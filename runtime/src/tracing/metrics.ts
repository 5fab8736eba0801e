import { defineMetrics } from '../metrics/index.ts';

export const TRACING_METRICS = defineMetrics({
  trace_spans_total: {
    type: 'counter',
    help: 'Spans by what became of them: exported, dropped (the queue was full, or the process ended) or failed (the endpoint did not take them). All 0 without OTEL_EXPORTER_OTLP_ENDPOINT.',
    labels: ['outcome'],
  },
});
