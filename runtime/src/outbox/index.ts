export { type OutboxEntry, outboxDocument } from './document.ts';
export { OUTBOX_METRICS } from './metrics.ts';
export { createRelay, type Relay, type RelayOptions } from './relay.ts';
export { OUTBOX_MIGRATIONS, type OutboxStats, recordEvent, stats, unpark } from './store.ts';
