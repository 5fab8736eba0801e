/** @module The forwarder, for those who run one inside their own process (tests, the load bench). */
export { createForwarder, type Forwarder, type ForwarderDeps } from './app.ts';
export { FORWARDER_SETTINGS } from './config.ts';
export { DEFAULT_PACING, type Pacing } from './delivery/pacing.ts';
export { FORWARDER_METRICS } from './metrics.ts';
