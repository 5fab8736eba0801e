import { APP_LABELS } from '../apps.ts';
import { EVENT_TYPES } from '../events/catalogue.ts';
import type { JsonSchema } from './json-schemas.ts';
import { ref } from './problem-responses.ts';

const text: JsonSchema = { type: 'string' };
const textOrNull: JsonSchema = { type: ['string', 'null'] };
const time: JsonSchema = { type: 'string', format: 'date-time' };
const timeOrNull: JsonSchema = { type: ['string', 'null'], format: 'date-time' };
const uuid: JsonSchema = { type: 'string', format: 'uuid' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const number: JsonSchema = { type: 'number' };
const numberOrNull: JsonSchema = { type: ['number', 'null'] };
const array = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const map = (additionalProperties: JsonSchema): JsonSchema => ({ type: 'object', additionalProperties });

/** All of these, always. A newer A8 may say more. */
const object = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

/** What A8 answers to who reads and to who operates, beside the documents of the contract. */
export function readSchemas(): Record<string, JsonSchema> {
  const label = { enum: [...APP_LABELS] };
  return {
    StoredEvent: object({
      event_id: uuid,
      app_label: label,
      event_type: { enum: [...EVENT_TYPES] },
      ...{ occurred_at: time, received_at: time, actor_id: text, session_id: textOrNull, source: text },
      ...{
        payload: { type: 'object' },
        simulated: { type: 'boolean' },
        content_hash: text,
        deliveries: count,
      },
      ...{
        request_id: text,
        key_id: text,
        canary_id: textOrNull,
        forwarder_id: textOrNull,
        traceparent: textOrNull,
      },
      ...{ erased_at: timeOrNull, cursor: text },
    }),
    EventPage: object({ events: array(ref('StoredEvent')), next_cursor: textOrNull, position: textOrNull }),
    Rejected: object({
      ...{ id: text, at: time, code: text, app_label: textOrNull, event_id: { type: ['string', 'null'] } },
      ...{ pointer: textOrNull, expected: textOrNull, got: textOrNull, content_hash: textOrNull },
      ...{ body_hash: textOrNull, size_bytes: count, key_names: array(text), key_id: text, request_id: text },
      ...{ canary_id: textOrNull, suppressed: count },
    }),
    RejectedPage: object({ rejected: array(ref('Rejected')), next_cursor: textOrNull }),
    ShownTruthTable: object({
      ...{ at: timeOrNull, target: textOrNull, environment: textOrNull, verdict_id: textOrNull },
      ...{ age_s: numberOrNull, period_s: number, heartbeat_age_s: numberOrNull, stale: { type: 'boolean' } },
      ...{ ok: { type: 'boolean' }, p95_write_ms: numberOrNull },
      ...{ table: array({ type: 'object' }), simulations: array({ type: 'object' }) },
    }),
    Observations: object({
      at: time,
      apps: map(
        object({
          ...{ last_event_at: timeOrNull, events_1h: count, simulated_1h: count, p95_write_ms: numberOrNull },
          ...{ legacy_endpoint_hits: count, legacy_alias_events: count, last_legacy_at: timeOrNull },
          rejected_1h: count,
        }),
      ),
      keys: array(
        object({ id: text, fingerprint: textOrNull, labels: array(text), role: text, not_after: timeOrNull }),
      ),
    }),
    Stored: object({ stored: { const: true }, id: text }),
    ErasureOrder: {
      ...object({ actor_id: { type: 'string', minLength: 1, maxLength: 1000 } }),
      additionalProperties: false,
    },
    ErasurePreviewOrder: {
      type: 'object',
      required: ['actor_id'],
      properties: { actor_id: { type: 'string', minLength: 1, maxLength: 1000 }, after: text },
      additionalProperties: false,
    },
    ErasurePreview: object({
      ...{ events: count, by_app: map(count), oldest: timeOrNull, newest: timeOrNull, next: textOrNull },
    }),
    Erasure: object({
      ...{ erasure_id: text, requested_at: time, requested_by: text, finished_at: timeOrNull },
      ...{ events: count, refusals: count },
    }),
    ErasurePage: object({ erasures: array(ref('Erasure')), next_cursor: textOrNull }),
  };
}
