export { createHub, type Hub } from './app.ts';
export { METRICS } from './metrics.ts';
export type { HubDeps } from './parts.ts';
export { SETTINGS } from './settings.ts';
