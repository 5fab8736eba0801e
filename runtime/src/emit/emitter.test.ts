import { randomUUID } from 'node:crypto';
import { canaryEventId, mintCanary, PROBLEM_MEDIA_TYPE, problemDocument } from '@scholar/contract';
import { staticSecret } from '../config/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createHttpStub, type HttpStub, type StubAnswer } from '../testing/index.ts';
import {
  createEmitter,
  EMIT_METRICS,
  type EmitterOptions,
  event,
  eventIdFor,
  type HttpEmitter,
} from './index.ts';

const body = event({
  type: 'NewUser',
  actorId: 'user-1',
  source: '/signup',
  payload: { email_hash: 'f'.repeat(64) },
  occurredAt: new Date(0),
});

let stub: HttpStub;
let emitter: HttpEmitter | undefined;
let answer: (eventId: string) => StubAnswer;
const logged: object[] = [];
const log = { info: (fields: object) => void logged.push(fields) };
const metrics = createMetrics(EMIT_METRICS);

beforeEach(async () => {
  logged.length = 0;
  stub = await createHttpStub((request) => answer(String(request.headers['x-event-id'])));
});

afterEach(async () => {
  emitter?.close();
  await stub.close();
});

function connect(options: Partial<EmitterOptions> = {}): HttpEmitter {
  emitter = createEmitter({
    mode: 'forwarder',
    eventNames: 'v3.5.1',
    forwarderUrl: stub.url,
    a8Url: stub.url,
    a8Key: staticSecret('k'.repeat(43)),
    log,
    metrics,
    ...options,
  });
  return emitter;
}

const queued = (event_id: string): StubAnswer => ({
  status: 202,
  body: { accepted: true, persisted: false, queued: true, event_id },
});
const stored = (event_id: string): StubAnswer => ({
  status: 201,
  body: {
    accepted: true,
    persisted: true,
    event_id,
    received_at: '2026-01-01T00:00:00Z',
    duplicate: false,
    request_id: 'r1',
  },
});
const refusal = (code: 'contract_violation' | 'unauthorized', event_id: string): StubAnswer => {
  const document = problemDocument(code, { eventId: event_id });
  return { status: document.status, headers: { 'content-type': PROBLEM_MEDIA_TYPE }, body: document };
};

describe('handing an event to the forwarder', () => {
  test('sends the contract headers but no key, and is done when the forwarder has it on disk', async () => {
    answer = queued;
    const eventId = randomUUID();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`;
    await connect().emit({ eventId, label: 'scholar_auth', event: body, traceparent });
    const [request] = stub.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/events', body: JSON.stringify(body) });
    expect(request?.headers).toMatchObject({
      'x-scholar-protocol': 'v3.5.1',
      'x-app-label': 'scholar_auth',
      'x-event-id': eventId,
      traceparent: expect.stringMatching(/^00-a{32}-[0-9a-f]{16}-00$/),
    });
    expect(request?.headers['traceparent']).not.toBe(traceparent);
    expect(request?.headers.authorization).toBeUndefined();
  });

  test.each<[string, (id: string) => StubAnswer]>([
    ['a receipt for another event', () => queued(randomUUID())],
    ['200 without a receipt', () => ({ status: 200, body: { ok: true } })],
    ['401', (id) => refusal('unauthorized', id)],
    ['404 of a proxy', () => ({ status: 404, body: '<html>' })],
    ['422 of a proxy', () => ({ status: 422, body: { error: 'nope' } })],
    ['a redirect', () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })],
    ['507', () => ({ status: 507 })],
  ])('%s keeps the event for later', async (_name, given) => {
    answer = given;
    const sending = connect().emit({ eventId: randomUUID(), label: 'scholar_auth', event: body });
    await expect(sending).rejects.toMatchObject({ name: 'EmitUnavailable' });
    expect(stub.requests).toHaveLength(1);
  });

  test('only a problem document about this very event refuses it', async () => {
    answer = (id) => refusal('contract_violation', id);
    const eventId = randomUUID();
    const sending = connect().emit({ eventId, label: 'scholar_auth', event: body });
    await expect(sending).rejects.toMatchObject({
      name: 'EmitRefused',
      problem: { code: 'contract_violation', event_id: eventId },
    });
    answer = () => refusal('contract_violation', randomUUID());
    const other = connect().emit({ eventId, label: 'scholar_auth', event: body });
    await expect(other).rejects.toMatchObject({ name: 'EmitUnavailable' });
  });

  test('a forwarder that is down is unavailable, and Retry-After is passed on', async () => {
    answer = () => ({ status: 503, headers: { 'retry-after': '7' } });
    const emission = { eventId: randomUUID(), label: 'scholar_auth', event: body };
    await expect(connect().emit(emission)).rejects.toMatchObject({ retryAfterMs: 7000 });
    await stub.close();
    await expect(connect().emit(emission)).rejects.toThrow('cannot be reached (ECONNREFUSED)');
  });
});

describe('the other modes', () => {
  test('direct sends the key to A8 and believes only its receipt', async () => {
    const direct = connect({ mode: 'direct' });
    answer = stored;
    await direct.emit({ eventId: randomUUID(), label: 'scholar_auth', event: body });
    expect(stub.requests[0]?.headers.authorization).toBe(`Bearer ${'k'.repeat(43)}`);
    answer = queued;
    const unproven = direct.emit({ eventId: randomUUID(), label: 'scholar_auth', event: body });
    await expect(unproven).rejects.toMatchObject({ name: 'EmitUnavailable' });
    expect(direct.facts()).toMatchObject({ endpoint: `${stub.url}/events`, sends_authorization: true });
  });

  test('direct with legacy names is the broken production: /ingest, user_signed_up, no key, and nothing is lost', async () => {
    answer = () => ({ status: 410 });
    const legacy = connect({ mode: 'direct', eventNames: 'legacy' });
    const sending = legacy.emit({ eventId: randomUUID(), label: 'scholar_auth', event: body });
    await expect(sending).rejects.toMatchObject({ name: 'EmitUnavailable', retryAfterMs: 30_000 });
    const [request] = stub.requests;
    expect(request?.path).toBe('/ingest');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ event_type: 'user_signed_up' });
    expect(request?.headers.authorization).toBeUndefined();
    expect(legacy.facts()).toMatchObject({ endpoint: `${stub.url}/ingest`, sends_authorization: false });
  });

  test('console writes which event it was, never what is in it, and counts', async () => {
    await connect({ mode: 'console' }).emit({ eventId: 'e1', label: 'scholar_auth', event: body });
    expect(logged).toEqual([{ event_id: 'e1', label: 'scholar_auth', event_type: 'NewUser' }]);
    expect(await metrics.render()).toContain('emit_console_total 1');
    expect(emitter?.facts().endpoint).toBeNull();
  });

  test('without a URL or a key the event waits, and the message names the setting', async () => {
    const emission = { eventId: randomUUID(), label: 'scholar_auth', event: body };
    await expect(connect({ forwarderUrl: undefined }).emit(emission)).rejects.toThrow(
      'FORWARDER_URL is not set',
    );
    const noKey = connect({ mode: 'direct', a8Key: staticSecret(undefined) });
    await expect(noKey.emit(emission)).rejects.toThrow('A8_KEY is not set');
    expect(stub.requests).toHaveLength(0);
  });
});

describe('who an event is', () => {
  const canaryKey = 'c'.repeat(43);
  const label = 'scholar_auth';

  test('a valid canary token gives the id that its prober computed, and marks the event', () => {
    const canary = mintCanary(canaryKey, { canaryId: 'probe-1', notAfterMs: 1000 });
    const id = eventIdFor({ canary, canaryKey, label, eventType: 'NewUser', nowMs: 500 });
    const expected = canaryEventId({ key: canaryKey, canaryId: 'probe-1', label, eventType: 'NewUser' });
    expect(id).toEqual({ eventId: expected, simulated: true, canary });
  });

  test('an expired or forged token is as good as none', () => {
    const canary = mintCanary(canaryKey, { canaryId: 'probe-1', notAfterMs: 1000 });
    const late = eventIdFor({ canary, canaryKey, label, eventType: 'NewUser', nowMs: 1001 });
    const forged = eventIdFor({ canary, canaryKey: 'other', label, eventType: 'NewUser', nowMs: 500 });
    for (const id of [late, forged]) {
      expect(id.simulated).toBe(false);
      expect(id).not.toHaveProperty('canary');
    }
  });

  test('neither a payload nor a source from outside can mark an event as simulated', () => {
    const claimed = event({
      type: 'PageView',
      actorId: 'u',
      source: 'canary/mine',
      payload: { simulated: true, details: 'x' },
      occurredAt: new Date(0),
    });
    expect(claimed).toMatchObject({ source: 'untrusted canary/mine', payload: { details: 'x' } });
    expect(claimed['payload']).not.toHaveProperty('simulated');
  });
});
