import { defineMetrics } from '../metrics/index.ts';

export const EMIT_METRICS = defineMetrics({
  emit_total: {
    type: 'counter',
    help: 'Attempts to hand an event over, by outcome: accepted, refused or unavailable',
    labels: ['outcome'],
  },
  emit_console_total: {
    type: 'counter',
    help: 'Events that were only written to the log (EMIT_MODE=console): they never reach A8',
  },
  emit_seconds: {
    type: 'histogram',
    help: 'Duration of one attempt to hand an event over',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.15, 0.5, 1, 5, 10],
  },
});
