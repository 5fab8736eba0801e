import type { z } from 'zod';
import { describe } from '../json/describe.ts';
import { isSpeakableKey, jsonPointer } from '../json/pointer.ts';
import type { Violation } from '../problems/problem-document.ts';
import { type ContractEvent, EVENT_SCHEMAS, EVENT_TYPES, isEventType } from './catalogue.ts';
import { EXPECTED } from './fields.ts';

export type ParsedEvent = { ok: true; event: ContractEvent } | { ok: false; violation: Violation };

/** Reads an event strictly: a key that the contract does not name is refused, nothing is converted. */
export function parseEvent(value: unknown): ParsedEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('', 'a JSON object', describe(value));
  }
  const type = Object.hasOwn(value, 'event_type') ? (value as { event_type: unknown }).event_type : undefined;
  if (!isEventType(type)) return refuse('/event_type', `one of ${EVENT_TYPES.join(', ')}`, describe(type));
  const parsed = EVENT_SCHEMAS[type].safeParse(value);
  if (parsed.success) return { ok: true, event: parsed.data };
  return { ok: false, violation: firstViolation(value, parsed.error.issues) };
}

function refuse(pointer: string, expected: string, got: string): ParsedEvent {
  return { ok: false, violation: { code: 'contract_violation', pointer, expected, got } };
}

/** The first issue in the order of the schema, so that both sides of the wire report the same one. */
function firstViolation(value: object, issues: readonly z.core.$ZodIssue[]): Violation {
  const [issue] = issues;
  if (issue === undefined) throw new Error('zod refused an event without an issue');
  if (issue.code === 'unrecognized_keys') return unknownKey(issue);
  const field = String(issue.path.at(-1) ?? '');
  return {
    code: 'contract_violation',
    pointer: jsonPointer(issue.path),
    expected: EXPECTED[field] ?? 'a JSON object',
    got: describe(valueAt(value, issue.path)),
  };
}

function unknownKey(issue: z.core.$ZodIssueUnrecognizedKeys): Violation {
  const key = issue.keys[0] ?? '';
  const speakable = isSpeakableKey(key);
  return {
    code: 'contract_violation',
    pointer: jsonPointer(speakable ? [...issue.path, key] : issue.path),
    expected: 'only keys that the contract names',
    got: speakable ? 'unknown key' : `unknown key of ${key.length} characters`,
  };
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
