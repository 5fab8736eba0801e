import { APP_LABELS, eventHeaders } from '@scholar/contract';
import fc, { type Arbitrary } from 'fast-check';
import { anEvent } from '../send.ts';
import { KEYS } from '../start-hub.ts';
import { body } from './bodies.ts';
import { framed, framing } from './framing.ts';
import { PERSON, text } from './texts.ts';

const id = fc.oneof(
  { weight: 6, arbitrary: fc.uuid({ version: 4 }) },
  { weight: 1, arbitrary: fc.uuid({ version: 7 }) },
  { weight: 1, arbitrary: text },
);

const anyKey = fc.oneof(
  { weight: 5, arbitrary: fc.constant<string>(KEYS.emit) },
  { weight: 3, arbitrary: fc.constantFrom<string>(...Object.values(KEYS)) },
  { weight: 1, arbitrary: text },
);

const query = fc
  .array(
    fc.tuple(
      fc.constantFrom('app', 'type', 'since', 'simulated', 'order', 'cursor', 'limit', 'target', '__proto__'),
      fc.oneof(
        fc.constantFrom('scholar_auth', 'PageView', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59+23:59'),
        fc.constantFrom('9999999999999999999-9999999999999999999', '1-1', '500', 'desc', 'include'),
        text,
      ),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encode(value)}`).join('&'));

/** Half of it as a client should, so that what follows is looked at too. */
function encode(value: string): string {
  return value.isWellFormed() ? encodeURIComponent(value) : '%ED%A0%80';
}

const knownPath = fc.constantFrom(
  ...['/events', '/events/stream', '/rejected', '/truth-table', '/observations', '/', '/session'],
  ...['/session/end', '/operations/verdicts', '/operations/repairs', '/operations/heartbeats', '/health'],
  ...['/ready', '/ingest', '/v1/ingest/', '/metrics', '/running', '/hq.css'],
);

const path = fc.oneof(
  { weight: 6, arbitrary: fc.constant('/events') },
  { weight: 3, arbitrary: fc.tuple(knownPath, query).map(([at, asked]) => `${at}?${asked}`) },
  { weight: 2, arbitrary: text.map((value) => `/events/${encode(value)}`) },
  { weight: 1, arbitrary: text.map((value) => `/${value}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('*', '//events', 'http://a8/events', '/%', '/events#x', '/%2e%2e/'),
  },
);

const method = fc.oneof(
  { weight: 6, arbitrary: fc.constant('POST') },
  { weight: 3, arbitrary: fc.constant('GET') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('PUT', 'HEAD', 'OPTIONS', 'DELETE', 'CONNECT', 'TRACE', 'get', 'X'),
  },
);

const headerName = fc.oneof(
  fc.constantFrom(
    'content-type',
    'content-encoding',
    'content-length',
    'transfer-encoding',
    'host',
    'expect',
  ),
  fc.constantFrom('x-event-id', 'x-app-label', 'x-scholar-protocol', 'x-scholar-canary', 'authorization'),
  fc.constantFrom(
    'x-request-id',
    'traceparent',
    'x-forwarder-id',
    'connection',
    'upgrade',
    'cookie',
    'accept',
  ),
  fc.constantFrom('origin', 'last-event-id', '__proto__', 'if-none-match', 'range', 'x-forwarded-for', ' x'),
  fc.string({ maxLength: 12 }),
);

const headerValue = fc.oneof(
  fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'gzip',
    'chunked',
    'gzip, chunked',
  ),
  fc.constantFrom(
    '100-continue',
    'websocket',
    'Upgrade',
    'close',
    '0',
    '-1',
    '5000000000',
    '1, 2',
    'text/html',
  ),
  fc.constantFrom(`Bearer ${KEYS.read}`, `Bearer ${KEYS.operations}`, `Bearer ${PERSON}`, 'x'.repeat(20_000)),
  text,
);

const extraHeaders = fc.array(fc.tuple(headerName, headerValue), { minLength: 1, maxLength: 3 });

const label = fc.oneof(fc.constantFrom<string>(...APP_LABELS), text);

/** Every part of a request, each as wrong as it can be. */
const parts = { method, path, id, key: anyKey, label, body, framing, extraHeaders };
type Parts = {
  [Name in keyof typeof parts]: (typeof parts)[Name] extends Arbitrary<infer Value> ? Value : never;
};
const PARTS = Object.keys(parts) as (keyof Parts)[];

const RIGHT: Omit<Parts, 'id'> = {
  method: 'POST',
  path: '/events',
  key: KEYS.emit,
  label: 'scholarship_api',
  body: Buffer.from(JSON.stringify(anEvent())),
  framing: 'length',
  extraHeaders: [],
};

/** Few things wrong lead far in, many to the front door only. */
const wrong: Arbitrary<readonly (keyof Parts)[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 4, arbitrary: fc.subarray(PARTS, { maxLength: 1 }) },
  { weight: 3, arbitrary: fc.subarray(PARTS, { maxLength: 2 }) },
  { weight: 2, arbitrary: fc.subarray(PARTS) },
);

/** A request that is right but for some parts, as the bytes that go over the wire. */
const request: Arbitrary<Buffer> = fc
  .record({ ...parts, wrong, rightId: fc.uuid({ version: 4 }), repeated: fc.nat(80), contract: fc.nat(9) })
  .map(({ wrong: names, rightId, repeated, contract, ...given }) => {
    const from = Object.fromEntries(names.map((name) => [name, given[name]]));
    const { method, path, id, key, label, body, framing, extraHeaders } = {
      ...RIGHT,
      ...{ id: rightId },
      ...from,
    } as Parts;
    // Without the contract's own headers other routes are reached.
    const own =
      contract > 0
        ? eventHeaders({ label, eventId: id, key })
        : { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const extra = extraHeaders.flatMap((pair, index) =>
      index === 0 && repeated > 70 ? Array.from({ length: repeated }, () => pair) : [pair],
    );
    const lines = [...Object.entries(own), ...extra].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const { header, bytes } = framed(framing, body);
    const head = `${method} ${path} HTTP/1.1\r\nhost: a8\r\n${lines}${header}\r\n`;
    return Buffer.concat([Buffer.from(head), bytes]);
  });

const garbage = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));

const stream = fc.oneof(
  { weight: 12, arbitrary: request },
  // Two on one connection, the second before the first was answered.
  { weight: 2, arbitrary: fc.tuple(request, request).map((both) => Buffer.concat(both)) },
  { weight: 1, arbitrary: garbage },
  { weight: 1, arbitrary: fc.tuple(request, garbage).map((both) => Buffer.concat(both)) },
);

export type Conversation = { to: 'public' | 'ops'; pieces: Buffer[]; end: 'fin' | 'reset' };

/** What a client of any kind may do with one connection: bytes, cut into pieces anywhere, and an end. */
export const conversation: Arbitrary<Conversation> = fc
  .record({
    bytes: stream,
    to: fc.oneof(
      { weight: 8, arbitrary: fc.constant('public' as const) },
      { weight: 1, arbitrary: fc.constant('ops' as const) },
    ),
    cuts: fc.array(fc.nat(), { maxLength: 3 }),
    end: fc.oneof(
      { weight: 8, arbitrary: fc.constant('fin' as const) },
      { weight: 1, arbitrary: fc.constant('reset' as const) },
    ),
  })
  .map(({ bytes, to, cuts, end }) => ({
    to,
    pieces: cutAt(bytes, cuts),
    end,
    // How a counter-example is printed.
    [fc.toStringMethod]: () => `${JSON.stringify(bytes.toString('latin1'))} cut at ${cuts}, ${end}, ${to}`,
  }));

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}
