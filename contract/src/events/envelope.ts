import { z } from 'zod';
import * as field from './fields.ts';

/**
 * The payload keys that every event may carry: those of the brief, and `simulated`, `email_hash` and `reference`
 * of ours. A type that needs one of them makes it required in its own file.
 */
export const commonPayload = z.strictObject({
  details: field.details.optional(),
  amount_cents: field.amountCents.optional(),
  currency: field.currency.optional(),
  provider_id: field.providerId.optional(),
  scholarship_id: field.scholarshipId.optional(),
  latency_ms: field.latencyMs.optional(),
  success: field.success.optional(),
  simulated: field.simulated.optional(),
  email_hash: field.emailHash.optional(),
  reference: field.reference.optional(),
});

/** The body of an event: nothing but these keys, and the payload that its type asks for. */
export function eventBody<Type extends string, Payload extends z.ZodType>(type: Type, payload: Payload) {
  return z.strictObject({
    event_type: z.literal(type),
    occurred_at: field.occurredAt,
    actor_id: field.actorId,
    session_id: field.sessionId.optional(),
    source: field.source,
    payload,
  });
}
