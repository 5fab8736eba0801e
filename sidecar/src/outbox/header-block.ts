/**
 * The headers of an event on disk: one entry after the other, in the order given.
 *   code 0          literal: u8 name length, name, u16 value length, value
 *   code 1..63      a known name:            u16 value length, value
 *   code 64..127    a known name with its value: nothing follows
 *   code 128        x-event-id, equal to the id in the record: nothing follows
 * The tables are part of the format: append to them with a new format version, never reorder.
 */
const NAMES = [
  'content-type',
  'x-scholar-protocol',
  'x-app-label',
  'x-event-id',
  'x-scholar-canary',
  'x-forwarder-id',
  'traceparent',
  'x-request-id',
] as const;
const PAIRS = [
  ['content-type', 'application/json'],
  ['content-type', 'application/json; charset=utf-8'],
  ['x-scholar-protocol', 'v3.5.1'],
  ['x-app-label', 'scholar_auth'],
  ['x-app-label', 'scholarship_api'],
  ['x-app-label', 'scholarship_agent'],
  ['x-app-label', 'scholarship_sage'],
  ['x-app-label', 'student_pilot'],
  ['x-app-label', 'provider_register'],
  ['x-app-label', 'auto_page_maker'],
] as const;
const FIRST_NAME = 1;
const FIRST_PAIR = 64;
const OWN_ID = 128;

const nameCodes = new Map<string, number>(NAMES.map((name, i) => [name, FIRST_NAME + i]));
const pairCodes = new Map<string, number>(
  PAIRS.map(([name, value], i) => [`${name}:${value}`, FIRST_PAIR + i]),
);

const SECRET = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,255}$/;
// A tab is allowed in a field value (RFC 9110 section 5.5).
const VALUE = /^[\t\x20-\x7e\x80-\xff]{0,65535}$/;

/** Entries of one byte, made once: nearly every header of an event is one of these. */
const CODE_ENTRIES = Array.from({ length: 256 }, (_, code) => Buffer.of(code));

/** What needs no check: the id itself, and pairs that the format names. */
const codeOf = (name: string, value: string, eventId: string): number | undefined =>
  name === 'x-event-id' && value === eventId ? OWN_ID : pairCodes.get(`${name}:${value}`);

const literal = (name: string, value: string): Buffer => {
  const known = nameCodes.get(name);
  const head = known === undefined ? [0, name.length, ...Buffer.from(name, 'latin1')] : [known];
  const text = Buffer.from(value, 'latin1');
  return Buffer.concat([Buffer.from([...head, text.length & 0xff, text.length >>> 8]), text]);
};

/** @throws TypeError when a header cannot be sent as it is, or must not be written to disk (a key, a cookie) */
export function encodeHeaders(headers: Record<string, string>, eventId: string): Buffer {
  const entries: Buffer[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const code = codeOf(name, value, eventId);
    const short = code === undefined ? undefined : CODE_ENTRIES[code];
    if (short !== undefined) {
      entries.push(short);
      continue;
    }
    if (SECRET.has(name)) throw new TypeError(`header ${name} must not be stored: add it when sending`);
    if (!NAME.test(name)) throw new TypeError('a header name must be a lower-case token');
    if (!VALUE.test(value)) throw new TypeError(`header ${name} holds characters that cannot be sent`);
    entries.push(literal(name, value));
  }
  const block = Buffer.concat(entries);
  if (block.length > 0xffff) throw new TypeError('the headers are longer than 65535 bytes');
  return block;
}

/** The inverse of encodeHeaders. @throws RangeError on a code that this release does not know */
export function decodeHeaders(block: Buffer, eventId: string): Record<string, string> {
  const headers: Record<string, string> = {};
  let at = 0;
  const text = (length: number): string => {
    at += length;
    return block.toString('latin1', at - length, at);
  };
  while (at < block.length) {
    const code = block[at++] ?? 0;
    if (code === OWN_ID) {
      headers['x-event-id'] = eventId;
      continue;
    }
    const pair = PAIRS[code - FIRST_PAIR];
    if (code >= FIRST_PAIR && pair !== undefined) {
      headers[pair[0]] = pair[1];
      continue;
    }
    const name = code === 0 ? text(block.readUInt8(at++)) : NAMES[code - FIRST_NAME];
    if (name === undefined) throw new RangeError(`unknown header code ${code}`);
    at += 2;
    headers[name] = text(block.readUInt16LE(at - 2));
  }
  return headers;
}
