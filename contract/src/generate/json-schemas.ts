import { z } from 'zod';
import { PROTOCOL } from '../apps.ts';
import { EVENT_SCHEMAS, EVENT_TYPES, type EventType } from '../events/catalogue.ts';
import { commonPayload, eventBody } from '../events/envelope.ts';
import { problemSchema } from '../problems/problem-document.ts';
import { queuedReceiptSchema, receiptSchema } from '../receipt.ts';

export type JsonSchema = Record<string, unknown>;

/** What every event has in common; which keys its type needs stands in the schema of the type. */
const envelope = eventBody('NewUser', commonPayload).extend({
  event_type: z.enum(EVENT_TYPES as [EventType]),
});

/** `ScholarshipMatchResult` as a file name: scholarship-match-result. */
export function kebabCase(name: string): string {
  return name.replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** JSON Schema (2020-12) of a zod schema as it is read, so a key that is optional to the sender is optional here. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) as JsonSchema;
}

function named(name: string, title: string, schema: z.ZodType): [string, JsonSchema] {
  const { $schema, ...rest } = toJsonSchema(schema);
  return [`${name}.json`, { $schema, $id: `urn:scholar:schema:${PROTOCOL}:${name}`, title, ...rest }];
}

/** Every file of contract/schema by its name: one per event type, the envelope, the receipts, the problem. */
export function jsonSchemas(): Map<string, JsonSchema> {
  return new Map([
    ...EVENT_TYPES.map((type) => named(kebabCase(type), type, EVENT_SCHEMAS[type])),
    named('envelope', 'An event of any type', envelope),
    named('problem', 'A refusal (RFC 9457)', problemSchema),
    named('queued-receipt', 'The event is on the disk of the forwarder', queuedReceiptSchema),
    named('receipt', 'The event is a committed row of A8', receiptSchema),
  ]);
}
