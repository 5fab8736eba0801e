import { isUtf8 } from 'node:buffer';
import { describe } from '../json/describe.ts';
import { isSpeakableKey } from '../json/pointer.ts';
import type { Fault } from './judge-request.ts';

export type JsonObject = Record<string, unknown>;
export type ReadBody = { ok: true; value: JsonObject } | { ok: false; fault: Fault };

/** Make sure that the body is one JSON object in UTF-8. It is parsed here, once, and nowhere else. */
export function readBody(body: Buffer): ReadBody {
  if (!isUtf8(body)) {
    return refuse({
      code: 'invalid_body',
      pointer: '',
      expected: 'UTF-8',
      got: `${body.length} bytes that are not UTF-8`,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    return refuse({
      code: 'malformed_json',
      pointer: '',
      expected: 'a JSON object',
      got: describeSyntax(body, error),
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse({ code: 'invalid_body', pointer: '', expected: 'a JSON object', got: describe(value) });
  }
  return { ok: true, value: value as JsonObject };
}

function refuse(fault: Fault): ReadBody {
  return { ok: false, fault };
}

/** V8's message repeats a piece of the body, so only its position is taken over. */
function describeSyntax(body: Buffer, error: unknown): string {
  if (body.length === 0) return 'nothing';
  const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined
    ? `${body.length} bytes that are not JSON`
    : `a syntax error at character ${position} of ${body.length} bytes`;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * Counts the members of all objects in a valid JSON text. JSON.parse keeps the last of two equal keys silently, and
 * another reader may keep the first; RFC 8785 takes I-JSON, which forbids it. In UTF-8 no byte of a longer sequence
 * looks like ASCII, so bytes are enough.
 */
export function countMembers(json: Buffer): number {
  let members = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (byte === QUOTE) inString = !inString;
    else if (byte === BACKSLASH) index += 1;
    else if (byte === COLON && !inString) members += 1;
  }
  return members;
}

const MAX_KEY_NAMES = 50;

/** The names of the keys of a refused body and its payload, for the record of the refusal. Values never. */
export function keyNames(value: JsonObject): readonly string[] {
  const names = Object.keys(value).map(speak);
  const payload = Object.hasOwn(value, 'payload') ? value['payload'] : undefined;
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) {
    for (const key of Object.keys(payload)) names.push(`payload.${speak(key)}`);
  }
  return names.slice(0, MAX_KEY_NAMES);
}

function speak(key: string): string {
  return isSpeakableKey(key) ? key : `(key of ${key.length} characters)`;
}
