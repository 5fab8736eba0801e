import { resolveAlias } from './events/aliases.ts';
import { EVENT_SCHEMAS, isEventType } from './events/catalogue.ts';
import { CANARY_SOURCE_PREFIX } from './events/simulated.ts';

/**
 * The actor of an event whose personal content was erased. Reserved: A8 stores whatever comes under it as an erased row,
 * and a forwarder writes it over what it still keeps of an erased actor.
 */
export const ERASED_ACTOR = '[erased]';

/** Where an erased event came from; a canary stays one. */
export const ERASED_SOURCE = '-';

/** Not a person: what a service did by itself. */
export const SYSTEM_ACTOR = 'system';

/**
 * What is left of an event: its type, its time, what its type requires (amounts and durations, which name nobody) and
 * whether it was simulated. Still an event of the contract, so that one that is owed can be delivered. Pure.
 * @param event any JSON object; one that is no event is left without a content
 */
export function erasedEvent(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { event_type, occurred_at, source } = event;
  const payload = isObject(event['payload']) ? event['payload'] : {};
  const kept = [...requiredKeys(event_type), 'simulated'].filter((key) => Object.hasOwn(payload, key));
  const canary = typeof source === 'string' && source.startsWith(CANARY_SOURCE_PREFIX);
  return {
    event_type,
    occurred_at,
    actor_id: ERASED_ACTOR,
    source: canary ? CANARY_SOURCE_PREFIX : ERASED_SOURCE,
    payload: Object.fromEntries(kept.map((key) => [key, payload[key]])),
  };
}

/** Payload keys without which an event of this type (or legacy name) is none. */
function requiredKeys(type: unknown): string[] {
  const name = typeof type === 'string' ? (resolveAlias(type)?.type ?? type) : type;
  if (!isEventType(name)) return [];
  const { shape } = EVENT_SCHEMAS[name].shape.payload;
  return Object.entries(shape).flatMap(([key, schema]) => (schema.safeParse(undefined).success ? [] : [key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
