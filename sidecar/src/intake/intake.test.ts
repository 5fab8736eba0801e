import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { parseProblem } from '@scholar/contract';
import { type ConformanceCase, conformanceCases, expectAnswer } from '@scholar/contract/golden';
import { waitFor } from '@scholar/runtime/testing';
import { A8StandIn, answers, confirm, refuses } from '../testing/a8-stand-in.ts';
import { newUser, startForwarder, stopForwarders, type TestForwarder } from '../testing/start-forwarder.ts';

let a8: A8StandIn;
let to: TestForwarder;
const sockets = new Set<Socket>();

beforeEach(async () => {
  a8 = await new A8StandIn().start();
  to = await startForwarder({ url: a8.url });
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await stopForwarders();
  await a8.stop();
});

function open(): Socket {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(to.intakeUrl).port) });
  socket.on('error', () => {});
  // Without reading, the end of the connection is not noticed.
  socket.resume();
  sockets.add(socket);
  return socket;
}

/** Sends raw bytes and resolves with everything that came back. */
async function raw(...parts: string[]): Promise<string> {
  const socket = open();
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return text;
}

function send({ request: sent }: ConformanceCase): Promise<{ status: number; body: string }> {
  const { method, path, headers, body } = sent;
  return new Promise((resolve, reject) => {
    const outgoing = request(`${to.intakeUrl}${path}`, { method, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('what the contract says about one event', () => {
  test('every golden vector is answered as the contract asks', async () => {
    const cases = conformanceCases('forwarder', { label: 'scholar_auth' });
    expect(cases.length).toBeGreaterThan(50);
    const wrong: string[] = [];
    for (const one of cases) {
      const answer = await send(one);
      try {
        expectAnswer(one, answer);
      } catch (error) {
        wrong.push(String(error));
      }
    }
    expect(wrong).toEqual([]);
  });

  test('the label of another app is refused', async () => {
    const { status, body } = await to.post({ headers: { 'x-app-label': 'auto_page_maker' } });
    expect([status, body.code]).toEqual([422, 'label_mismatch']);
  });
});

describe('the same event again', () => {
  test('is 202 again and reaches A8 once', async () => {
    const { id } = await to.post();
    await waitFor(() => to.forwarder.status().totals.delivered === 1);
    const again = await to.post({ id: id.toUpperCase() });
    expect(again).toMatchObject({ status: 202, body: { queued: true, event_id: id } });
    await to.post();
    await waitFor(() => to.forwarder.status().totals.delivered === 2);
    expect(a8.ids.filter((sent) => sent === id)).toHaveLength(1);
  });

  test('other spacing and order of keys is the same event, other content is a conflict', async () => {
    const { id } = await to.post({ body: newUser('one') });
    const { payload, ...rest } = JSON.parse(newUser('one'));
    expect((await to.post({ id, body: JSON.stringify({ payload, ...rest }, null, 2) })).status).toBe(202);
    const conflict = await to.post({ id, body: newUser('two') });
    expect(conflict).toMatchObject({ status: 409, body: { code: 'event_id_conflict', event_id: id } });
  });

  test('what A8 refused for good is refused again', async () => {
    a8.behaviour = refuses('pii_detected');
    const { id } = await to.post();
    await waitFor(() => to.forwarder.status().dead.contract === 1);
    expect(await to.post({ id })).toMatchObject({ status: 422, body: { code: 'pii_detected' } });
  });
});

describe('Prefer: wait', () => {
  const waiting = (id?: string) => to.post({ ...(id ? { id } : {}), headers: { prefer: 'wait=5' } });

  test("answers 201 with A8's receipt, also for an event that A8 has already", async () => {
    const now = await waiting();
    expect(now).toMatchObject({
      status: 201,
      body: { persisted: true, event_id: now.id, request_id: 'req-1' },
    });
    expect(now.headers.get('preference-applied')).toBe('wait=5');
    expect(await waiting(now.id)).toMatchObject({ status: 201, body: { persisted: true, event_id: now.id } });
  });

  test('answers 202 when the time is up', async () => {
    a8.behaviour = answers(503);
    expect(await to.post({ headers: { prefer: 'wait=1' } })).toMatchObject({
      status: 202,
      body: { persisted: false },
    });
  });

  test("answers with A8's problem when it refuses the event", async () => {
    a8.behaviour = refuses('contract_violation');
    expect(await waiting()).toMatchObject({ status: 422, body: { code: 'contract_violation' } });
  });
});

describe('who may ask', () => {
  test.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['an Origin', { host: '127.0.0.1', origin: 'http://127.0.0.1' }],
  ])('%s is refused on every route', async (_name, headers) => {
    const lines = Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    for (const route of ['POST /events', 'GET /events/x', 'POST /drain', 'GET /']) {
      expect(await raw(`${route} HTTP/1.1\r\n${lines}connection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 403 .*"code":"forbidden"/s,
      );
    }
  });

  test('control routes need the control token', async () => {
    const { id } = await to.post();
    for (const [method, path] of [
      ['GET', '/outbox'],
      ['GET', `/outbox/${id}`],
      ['POST', '/drain'],
      ['POST', `/events/${id}/replay`],
      ['POST', `/events/${id}/discard`],
    ] as const) {
      for (const authorization of ['', 'Bearer wrong', 'Basic control-token']) {
        const response = await fetch(`${to.intakeUrl}${path}`, { method, headers: { authorization } });
        expect(response.status).toBe(401);
        expect(parseProblem(await response.json())?.code).toBe('unauthorized');
      }
    }
  });

  test('unknown paths, methods and the legacy path say what they are', async () => {
    expect((await to.get('/nothing')).body.code).toBe('not_found');
    expect((await to.get('/events')).body.code).toBe('method_not_allowed');
    expect((await to.control('POST', '/ingest', '{}')).body.code).toBe('legacy_endpoint');
    expect((await to.get(`/events/${randomUUID()}`)).body.code).toBe('not_found');
    expect((await to.get('/events/not-an-id')).body.code).toBe('invalid_event_id');
  });
});

describe('control', () => {
  test('list and show tell what is queued; discard gives it up; nothing of it reaches A8 afterwards', async () => {
    a8.behaviour = answers(503);
    const { id } = await to.post({ body: newUser('shown') });
    const listed = await to.control('GET', '/outbox?state=queued');
    expect(listed.body).toMatchObject({ events: [{ event_id: id, state: 'queued' }], totals: { queued: 1 } });
    const shown = await to.control('GET', `/outbox/${id}`);
    expect(shown.body).toMatchObject({ event_id: id, body: newUser('shown'), headers: { 'x-event-id': id } });
    expect((await to.control('POST', `/events/${id}/discard`)).status).toBe(200);
    await waitFor(() => to.forwarder.status().queue.in_flight === 0);
    a8.behaviour = confirm;
    await to.post({ headers: { prefer: 'wait=5' } });
    expect(to.forwarder.status()).toMatchObject({
      queue: { depth: 0 },
      totals: { discarded: 1, delivered: 1 },
    });
    expect(a8.stored.has(id)).toBe(false);
  });

  test('an event that is discarded while it is in flight is not sent again', async () => {
    const answer: (() => void)[] = [];
    a8.behaviour = (received, response) => void answer.push(() => answers(503)(received, response));
    const { id } = await to.post();
    await waitFor(() => answer.length === 1);
    await to.control('POST', `/events/${id}/discard`);
    answer[0]?.();
    await waitFor(() => to.forwarder.status().queue.in_flight === 0);
    a8.behaviour = confirm;
    await to.post({ headers: { prefer: 'wait=5' } });
    expect(a8.ids.filter((sent) => sent === id)).toHaveLength(1);
    expect(to.forwarder.status().state).toBe('idle');
  });

  test('a dead letter is replayed as it is, or corrected under a fresh id', async () => {
    a8.behaviour = refuses('contract_violation');
    const [one, two] = [await to.post({ body: newUser('1') }), await to.post({ body: newUser('2') })];
    await waitFor(() => to.forwarder.status().dead.contract === 2);
    a8.behaviour = confirm;
    expect((await to.control('POST', `/events/${one.id}/replay`)).status).toBe(202);
    const bad = await to.control('POST', `/events/${two.id}/replay`, '{}');
    expect(bad).toMatchObject({ status: 422, body: { code: 'contract_violation' } });
    const corrected = await to.control('POST', `/events/${two.id}/replay`, newUser('corrected'));
    await waitFor(() => a8.stored.size === 2);
    expect([...a8.stored.keys()].sort()).toEqual([one.id, corrected.body.event_id].sort());
    expect(a8.received.at(-1)?.body.toString()).toContain('corrected');
    await waitFor(() => to.forwarder.status().dead.contract === 0);
  });

  test('an unknown event cannot be shown, replayed or discarded', async () => {
    const id = randomUUID();
    for (const [method, path] of [
      ['GET', `/outbox/${id}`],
      ['POST', `/events/${id}/replay`],
      ['POST', `/events/${id}/discard`],
    ] as const) {
      expect((await to.control(method, path)).body.code).toBe('not_found');
    }
  });
});

describe('hostile and clumsy senders', () => {
  const head = 'POST /events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

  test('a body of 1 MB gets its 413, and the connection can be used again', async () => {
    const { status, body } = await to.post({ body: Buffer.alloc(1_000_000, 'x') });
    expect([status, body.code]).toEqual([413, 'body_too_large']);
    expect((await to.post()).status).toBe(202);
  });

  test('a body without end is cut off', async () => {
    const socket = open();
    // Not events.once: the reset that is meant to come would reject it.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const writer = setInterval(() => {
      for (let i = 0; i < 32 && socket.writable; i += 1) socket.write(chunk);
    }, 5);
    await closed;
    clearInterval(writer);
    expect((await to.post()).status).toBe(202);
  });

  test('what is not HTTP is answered 400 and let go', async () => {
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*problem\+json/s);
  });

  test('a slow sender is let go and holds nobody up', async () => {
    const slow = raw(`${head}content-length: 500\r\nx-slow: `);
    expect((await to.post({ headers: { prefer: 'wait=5' } })).status).toBe(201);
    expect(await slow).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('thousands of idle connections do not keep an event out', async () => {
    for (let opened = 0; opened < 2_000; opened += 100) {
      const batch = Array.from({ length: 100 }, open);
      await Promise.all(batch.map((socket) => (socket.connecting ? once(socket, 'connect') : undefined)));
    }
    expect((await to.post({ headers: { prefer: 'wait=5' } })).status).toBe(201);
    await waitFor(() => [...sockets].filter((socket) => !socket.destroyed).length <= 1_000);
  });
});
