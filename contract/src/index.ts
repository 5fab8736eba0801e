/** Telemetry contract v3.5.1: pure, no clock, no disk, no network. Every other package speaks through this one. */
export * from './admit/admission.ts';
export { admit } from './admit/admit.ts';
export * from './apps.ts';
export * from './canary/canary-address.ts';
export * from './canary/canary-event-id.ts';
export * from './canary/canary-token.ts';
export * from './conservation.ts';
export { contentHash } from './content-hash.ts';
export * from './erasure.ts';
export { LEGACY_ALIASES, resolveAlias } from './events/aliases.ts';
export {
  type ContractEvent,
  EVENT_SCHEMAS,
  EVENT_TYPES,
  type EventType,
  isEventType,
  type Payload,
} from './events/catalogue.ts';
export { MAX_TEXT_CHARACTERS } from './events/fields.ts';
export { type ParsedEvent, parseEvent } from './events/parse-event.ts';
export { CANARY_SOURCE_PREFIX, isSimulated } from './events/simulated.ts';
export { openapiDocument } from './generate/openapi.ts';
export * from './headers.ts';
export { isUuidV4, normalizeEventId } from './ids.ts';
export { canonicalJson } from './json/canonical-json.ts';
export * from './keys/key-fingerprint.ts';
export * from './keys/ring-entry.ts';
export * from './operations/drill-summary.ts';
export * from './operations/finding.ts';
export * from './operations/heartbeat.ts';
export * from './operations/repair-record.ts';
export * from './operations/running.ts';
export * from './operations/truth-table.ts';
export { findPii } from './pii/find-pii.ts';
export * from './problems/catalogue.ts';
export * from './problems/more-problems.ts';
export * from './problems/problem-document.ts';
export * from './receipt.ts';
export * from './trace-context.ts';
export * from './verdict/judge-answer.ts';
export * from './verdict/retry-after.ts';
