import { EVENT_TYPES } from '@scholar/contract';
import fc, { type Arbitrary } from 'fast-check';
import { anEvent } from '../send.ts';
import { text } from './texts.ts';

/** Names of our own keys, of every object's prototype, and any other. */
const key = fc.oneof(
  fc.constantFrom('event_type', 'occurred_at', 'actor_id', 'session_id', 'source', 'payload', 'details'),
  fc.constantFrom('simulated', 'amount_cents', 'currency', 'latency_ms', 'success', 'email_hash', 'toJSON'),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'length', 'then'),
  text,
);

const number = fc.oneof(
  fc.constantFrom(0, -0, -1, 2 ** 53, 2 ** 63, 1e308, 5e-324, 0.1),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const json: Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(toObject),
  ),
})).value;

/** Own members even for `__proto__`, as JSON.parse makes them. */
function toObject(members: readonly (readonly [string, unknown])[]): object {
  const out = {};
  for (const [name, value] of members)
    Object.defineProperty(out, name, { value, enumerable: true, configurable: true, writable: true });
  return out;
}

/** Wrong in one or two members, or in none, and then only its texts are strange. */
const event = fc
  .record({
    changes: fc.oneof(fc.constant([]), fc.array(fc.tuple(key, json), { maxLength: 2 })),
    type: fc.oneof(fc.constant('PageView'), fc.constantFrom(...EVENT_TYPES)),
    actor: fc.oneof(fc.constant('user_1'), text),
  })
  .map(({ changes, type, actor }) => ({
    ...anEvent({ event_type: type, actor_id: actor }),
    ...toObject(changes),
  }));

const deep = fc
  .record({ open: fc.constantFrom('[', '{"a":', '{"payload":'), depth: fc.integer({ min: 1, max: 6_000 }) })
  .map(({ open, depth }) => open.repeat(depth));

/** Bodies from an event that is right to bytes that are nothing. */
export const body: Arbitrary<Buffer> = fc.oneof(
  { weight: 4, arbitrary: event.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 2, arbitrary: json.map((value) => Buffer.from(JSON.stringify(value) ?? '')) },
  { weight: 1, arbitrary: deep.map((value) => Buffer.from(value)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 2, arbitrary: fc.tuple(event, fc.nat(), fc.nat(255)).map(withOneByteChanged) },
  { weight: 1, arbitrary: fc.constantFrom(65_535, 65_536, 65_537, 200_000).map((n) => Buffer.alloc(n, 'a')) },
);

function withOneByteChanged([value, at, byte]: [unknown, number, number]): Buffer {
  const bytes = Buffer.from(JSON.stringify(value));
  bytes[at % bytes.length] = byte;
  return bytes;
}
