import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { eventHeaders } from '@scholar/contract';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { exchange, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

let database: TestDatabase;
let hub: RunningHub;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
  hub = await startHub({ databaseUrl: database.url, env: { QUEUE_EVENTS: '8' } });
});

afterAll(async () => {
  await hub.stop();
  await database.drop();
});

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

const HEADERS = eventHeaders({
  label: 'scholarship_api',
  eventId: '0b2f9f3a-6d3f-4c8e-9a5b-3f2f1a7c9d10',
  key: KEYS.emit,
});

test.each([
  ['1 MB', 1024 * 1024],
  ['one byte too many', 65_537],
])(
  'a body of %s is refused with a problem document, also when it is sent without a length',
  async (_name, size) => {
    const body = Buffer.alloc(size, 'a');
    const answer = await exchange(`${hub.url}/events`, { method: 'POST', headers: HEADERS, body });
    expect(answer.status).toBe(413);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'body_too_large', event_id: HEADERS['x-event-id'] });
    const headers = { ...HEADERS, 'transfer-encoding': 'chunked' };
    expect((await exchange(`${hub.url}/events`, { method: 'POST', headers, body })).status).toBe(413);
    await waitFor(async () => {
      const { rows } = await database.pool.query('SELECT 1 FROM rejected_events WHERE size_bytes = $1', [
        size,
      ]);
      return rows.length === 2;
    });
  },
);

test('a body that is declared as gigabytes is refused without being awaited', async () => {
  const socket = await open();
  socket.write(`POST /events HTTP/1.1\r\nhost: a8\r\ncontent-length: 5000000000\r\n\r\n`);
  expect(await answerOf(socket)).toContain('HTTP/1.1 413');
});

test('what is not HTTP is answered with a problem document, and the process goes on', async () => {
  const socket = await open();
  socket.write('EHLO mail\r\n\r\n');
  expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 400 .*problem\+json.*"malformed_request"/s);
  expect((await sendEvent(hub.url)).answer.status).toBe(201);
});

test('a sender that trickles its headers is cut off, and nobody else waits for it', async () => {
  const socket = await open();
  socket.write('POST /events HTTP/1.1\r\nhost: a8\r\n');
  const trickle = setInterval(() => socket.write('x-a: b\r\n'), 500);
  const text = answerOf(socket);
  expect((await sendEvent(hub.url)).answer.status).toBe(201);
  expect(await text).toContain('HTTP/1.1 408');
  clearInterval(trickle);
}, 20_000);

test('two thousand idle connections hinder no event', async () => {
  const idle = await Promise.all(Array.from({ length: 2_000 }, open));
  const sent = await Promise.all(Array.from({ length: 8 }, () => sendEvent(hub.url)));
  expect(sent.map(({ answer }) => answer.status)).toEqual(sent.map(() => 201));
  for (const socket of idle) socket.destroy();
}, 20_000);

test('a full queue answers 503 with Retry-After at once, and what was taken is stored when the database is free', async () => {
  const blocker = await database.pool.connect();
  await blocker.query('BEGIN');
  await blocker.query('LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
  const pending = Array.from({ length: 40 }, () => sendEvent(hub.url));
  const refused = await Promise.race(pending);
  expect(refused.answer).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
    body: { code: 'unavailable' },
  });
  await blocker.query('ROLLBACK');
  blocker.release();
  const sent = await Promise.all(pending);
  const taken = sent.filter(({ answer }) => answer.status === 201).map(({ eventId }) => eventId);
  expect(taken.length).toBeGreaterThanOrEqual(8);
  const { rows } = await database.pool.query('SELECT event_id FROM events WHERE event_id = ANY ($1)', [
    sent.map(({ eventId }) => eventId),
  ]);
  expect(rows.map(({ event_id }) => event_id).sort()).toEqual(taken.sort());
});

test('a stop answers what was taken before it ends', async () => {
  const other = await startHub({ databaseUrl: database.url });
  const blocker = await database.pool.connect();
  await blocker.query('BEGIN');
  await blocker.query('LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
  const pending = Promise.all(Array.from({ length: 20 }, () => sendEvent(other.url)));
  await waitFor(async () => {
    const { body } = await exchange(`${other.opsUrl}/metrics`, { method: 'GET' });
    return figure(body, 'a8_queue_depth') + figure(body, 'a8_batch_rows_sum') === 20;
  });
  const stopped = other.stop();
  await blocker.query('ROLLBACK');
  blocker.release();
  expect((await pending).map(({ answer }) => answer.status)).toEqual(Array.from({ length: 20 }, () => 201));
  await stopped;
});

test('a stop under load is quick although every connection is kept alive and busy', async () => {
  const other = await startHub({ databaseUrl: database.url });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let stored = 0;
  const senders = Array.from({ length: 8 }, async () => {
    for (;;) {
      const sent = await sendEvent(other.url, { agent }).catch(() => undefined);
      if (sent === undefined) return;
      expect([201, 503]).toContain(sent.answer.status);
      stored += 1;
    }
  });
  await waitFor(() => stored > 50);
  const since = performance.now();
  await other.stop();
  expect(performance.now() - since).toBeLessThan(4_000);
  await Promise.all(senders);
  agent.destroy();
});

function figure(body: Record<string, unknown>, name: string): number {
  const line = String(body['text'])
    .split('\n')
    .find((text) => text.startsWith(`${name}{`));
  return Number(line?.split(' ').at(-1) ?? 0);
}
