export { createMetrics, type Metrics } from './metrics.ts';
export { defineMetrics, type MetricDefinition, type MetricTable, type NamesOf } from './table.ts';
