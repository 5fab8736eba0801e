import { z } from 'zod';
import { INSTANT_PATTERN, isInstant } from './occurred-at.ts';

/** Longer text is an essay, not telemetry; the PII guard refuses it. */
export const MAX_TEXT_CHARACTERS = 1000;

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair, in text or in jsonb. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The same as `isStorable` for the JSON Schema, whose expressions read code points (unicode mode). */
const STORABLE_PATTERN = '^[^\\u0000\\ud800-\\udfff]*$';

function text(description: string) {
  return z
    .string()
    .min(1)
    .refine(isStorable, { error: 'unstorable' })
    .meta({ description, pattern: STORABLE_PATTERN, maxLength: MAX_TEXT_CHARACTERS });
}

/** One schema per field of the contract; the words in EXPECTED say the same to a person. */
export const occurredAt = z
  .string()
  .refine(isInstant)
  .meta({ description: 'When it happened', format: 'date-time', pattern: INSTANT_PATTERN });
export const actorId = text('A user id, a provider id, or system');
export const sessionId = text('The session it happened in');
export const source = text('The route or URL it came from; canary/… marks a simulation');
export const details = z.string().refine(isStorable, { error: 'unstorable' }).meta({
  description: 'A short remark, never personal data',
  pattern: STORABLE_PATTERN,
  maxLength: MAX_TEXT_CHARACTERS,
});
export const amountCents = z
  .int()
  .min(0)
  .meta({ description: 'Amount in the smallest unit of the currency' });
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ description: 'ISO 4217 code in capital letters' });
export const providerId = text('The provider that the event is about');
export const scholarshipId = text('The scholarship that the event is about');
export const latencyMs = z.int().min(0).meta({ description: 'How long the work took, in milliseconds' });
export const success = z.boolean().meta({ description: 'Whether the work succeeded' });
export const simulated = z.boolean().meta({ description: 'True marks an event that no real user caused' });
export const emailHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'HMAC-SHA256 of the e-mail address under a secret key, as hex' });
export const reference = text('An opaque id or a hash that stands for something kept elsewhere');

const TEXT = 'text of 1 to 1000 characters without U+0000 and lone surrogates';
const COUNT = 'an integer from 0 to 9007199254740991';

/** What a violation report expects of each field. */
export const EXPECTED: Readonly<Record<string, string>> = {
  occurred_at: 'an ISO-8601 date and time with seconds and an offset, like 2026-01-31T12:00:00Z',
  actor_id: TEXT,
  session_id: `${TEXT}, or no such key`,
  source: TEXT,
  payload: 'an object',
  details: `text of at most ${MAX_TEXT_CHARACTERS} characters without U+0000 and lone surrogates`,
  amount_cents: COUNT,
  currency: 'three capital letters (ISO 4217)',
  provider_id: TEXT,
  scholarship_id: TEXT,
  latency_ms: COUNT,
  success: 'true or false',
  simulated: 'true or false',
  email_hash: '64 lower-case hex digits (HMAC-SHA256)',
  reference: TEXT,
};
