import { randomUUID } from 'node:crypto';
import { waitFor } from '@scholar/runtime/testing';
import {
  A8StandIn,
  answerJson,
  answers,
  type Behaviour,
  confirm,
  receiptFor,
  refuses,
} from '../testing/a8-stand-in.ts';
import { newUser, startForwarder, stopForwarders, type TestForwarder } from '../testing/start-forwarder.ts';

let a8: A8StandIn;
let test1: TestForwarder;

beforeEach(async () => {
  a8 = await new A8StandIn().start();
  test1 = await startForwarder({ url: a8.url });
});

afterEach(async () => {
  await stopForwarders();
  await a8.stop();
});

async function stateOf(id: string): Promise<Record<string, unknown>> {
  return (await test1.get(`/events/${id}`)).body;
}

async function delivered(id: string): Promise<Record<string, unknown>> {
  return waitFor(async () => {
    const event = await stateOf(id);
    return event['state'] === 'delivered' ? event : undefined;
  });
}

/** Answers the first requests as told, then confirms. */
function first(...behaviours: Behaviour[]): Behaviour {
  return (received, response) => (behaviours.shift() ?? confirm)(received, response);
}

describe('a receipt', () => {
  test('settles the event, with its request id, duration and retries', async () => {
    const { id } = await test1.post();
    expect(await delivered(id)).toMatchObject({
      attempts: 1,
      retries: 0,
      receipt: { persisted: true, event_id: id, request_id: 'req-1' },
    });
    expect(test1.forwarder.status()).toMatchObject({
      queue: { depth: 0 },
      last_receipt: { event_id: id, request_id: 'req-1' },
    });
  });

  test('A8 gets the exact bytes and the headers of the contract, with the key and our id', async () => {
    const body = `{ "payload":{"details":"\\u00e9 \u00e9"},"source":"x",  "actor_id":"u","occurred_at":"2026-01-01T00:00:00+02:00","event_type":"NewUser"}`;
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { id } = await test1.post({ body, headers: { traceparent, 'x-scholar-canary': 'a.1.b' } });
    await delivered(id);
    expect(a8.received[0]?.body.toString()).toBe(body);
    expect(a8.received[0]?.path).toBe('/events');
    expect(a8.received[0]?.headers).toMatchObject({
      authorization: 'Bearer key-of-scholar-auth',
      'content-type': 'application/json',
      'x-scholar-protocol': 'v3.5.1',
      'x-app-label': 'scholar_auth',
      'x-event-id': id,
      'x-forwarder-id': expect.stringMatching(/^scholar_auth@test:[0-9a-f]{12}$/),
      'x-scholar-canary': 'a.1.b',
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/),
    });
    expect(a8.received[0]?.headers['traceparent']).not.toBe(traceparent);
  });
});

describe('answers that mean "again"', () => {
  test.each<[string, Behaviour]>([
    ['500', answers(500)],
    ['502 of a proxy', answers(502, { 'content-type': 'text/html' }, '<html>')],
    ['503', answers(503)],
    ['408', answers(408)],
    ['429', answers(429)],
    ['200 without a body', answers(200)],
    ['200 with a page', answers(200, { 'content-type': 'text/html' }, '<html>welcome</html>')],
    [
      '202 queued by somebody else',
      ({ id }, response) => answerJson(response, 202, { ...receiptFor(id), persisted: false }),
    ],
    [
      'a receipt for another event',
      (_received, response) => answerJson(response, 201, receiptFor(randomUUID())),
    ],
    [
      'a torn answer',
      (_received, response) => {
        response.writeHead(201, { 'content-length': '500' }).write('{"acc');
        setImmediate(() => response.destroy());
      },
    ],
    [
      'an answer without end',
      (_received, response) => void response.writeHead(201).write('x'.repeat(100_000)),
    ],
    ['a broken connection', (_received, response) => void response.destroy()],
  ])('%s: the same event goes out again until its receipt comes', async (_name, behaviour) => {
    a8.behaviour = first(behaviour, behaviour);
    const { id } = await test1.post();
    expect(await delivered(id)).toMatchObject({ attempts: 3, retries: 2 });
    expect(a8.ids).toEqual([id, id, id]);
    expect(test1.forwarder.status().totals).toMatchObject({ delivered: 1, dead: 0, retries: 2 });
  });

  test.each<[string, Behaviour]>([
    ['no answer at all', () => {}],
    ['half an answer and then nothing', (_received, response) => void response.writeHead(201).write('{"acc')],
  ])('%s: given up after the time for one attempt, then tried again', async (_name, behaviour) => {
    const impatient = await startForwarder({ url: a8.url, pacing: { attemptTimeoutMs: 300 } });
    a8.behaviour = first(behaviour);
    const { id } = await impatient.post();
    await waitFor(() => impatient.forwarder.status().totals.delivered === 1);
    expect(a8.ids).toEqual([id, id]);
  });

  test('Retry-After is honoured for every event', async () => {
    a8.behaviour = first(answers(503, { 'retry-after': '1' }));
    const { id } = await test1.post();
    await waitFor(() => a8.received.length === 1 && test1.forwarder.status().state === 'retrying');
    const other = await test1.post();
    await Promise.all([delivered(id), delivered(other.id)]);
    const [refused, next] = a8.received;
    expect((next?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(990);
  });
});

describe('answers about this event alone', () => {
  test.each([
    'malformed_json',
    'event_id_conflict',
    'body_too_large',
    'unsupported_media_type',
    'contract_violation',
    'pii_detected',
  ] as const)('%s makes a dead letter with the problem, and the next event is delivered', async (code) => {
    a8.behaviour = first(refuses(code));
    const { id } = await test1.post();
    await waitFor(async () => (await stateOf(id))['state'] === 'dead');
    expect(await stateOf(id)).toMatchObject({
      problem: { code, event_id: id, pointer: '/payload' },
      attempts: 1,
    });
    await delivered((await test1.post()).id);
    expect(test1.forwarder.status()).toMatchObject({ state: 'idle', dead: { contract: 1, system: 0 } });
  });

  test('fifty different refusals in a row hold; from there nothing more is buried, and nothing is lost', async () => {
    a8.behaviour = refuses('contract_violation');
    const posted = await Promise.all(
      Array.from({ length: 60 }, (_, i) => test1.post({ body: newUser(`${i}`) })),
    );
    await waitFor(() => test1.forwarder.status().hold?.reason === 'contract_mismatch');
    await waitFor(() => test1.forwarder.status().queue.in_flight === 0);
    expect(test1.forwarder.status()).toMatchObject({ dead: { contract: 50 }, queue: { depth: 10 } });
    a8.behaviour = confirm;
    await waitFor(() => test1.forwarder.status().queue.depth === 0);
    const replayed = await test1.control('GET', '/outbox?state=dead&limit=100');
    for (const { event_id } of replayed.body.events)
      await test1.control('POST', `/events/${event_id}/replay`);
    await waitFor(() => test1.forwarder.status().queue.depth === 0);
    expect([...a8.stored.keys()].sort()).toEqual(posted.map(({ id }) => id).sort());
  });
});

describe('answers that asking again cannot change', () => {
  test.each<[string, string, Behaviour]>([
    ['a wrong key', 'unauthorized', refuses('unauthorized')],
    ['a key for another label', 'forbidden', refuses('forbidden')],
    ['a proxy that forbids', 'forbidden', answers(403, { 'content-type': 'text/html' }, '<html>')],
    ['a wrong address', 'not_found', answers(404)],
    ['the legacy address', 'gone', refuses('legacy_endpoint')],
    ['another protocol', 'unsupported_protocol', refuses('unsupported_protocol')],
    ['a permanent redirect', 'redirect', answers(301, { location: 'http://127.0.0.1:1/events' })],
    ['a temporary redirect', 'redirect', answers(307, { location: '/elsewhere' })],
    [
      'a 422 that is not ours',
      'unexpected_answer',
      answers(422, { 'content-type': 'application/json' }, '{"error":"x"}'),
    ],
    [
      'our refusal of another event',
      'unexpected_answer',
      (received, response) => refuses('contract_violation')({ ...received, id: randomUUID() }, response),
    ],
    ['a teapot', 'unexpected_answer', answers(418)],
  ])(
    '%s: held as %s, everything is kept, and it drains when A8 takes events again',
    async (_name, reason, behaviour) => {
      a8.behaviour = behaviour;
      const posted = await Promise.all([test1.post(), test1.post(), test1.post()]);
      await waitFor(() => test1.forwarder.status().hold?.reason === reason);
      await waitFor(async () => (await stateOf(posted[0]?.id ?? ''))['state'] === 'held');
      expect(test1.forwarder.status()).toMatchObject({
        state: 'held',
        queue: { depth: 3 },
        dead: { contract: 0 },
      });
      expect(a8.received.every(({ path }) => path === '/events')).toBe(true);
      a8.behaviour = confirm;
      await waitFor(() => test1.forwarder.status().queue.depth === 0);
      expect([...a8.stored.keys()].sort()).toEqual(posted.map(({ id }) => id).sort());
      expect(test1.forwarder.status().hold).toBeNull();
    },
  );
});
