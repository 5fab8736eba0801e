export { createHealth, type Health, type HealthCheck, type Readiness } from './health.ts';
