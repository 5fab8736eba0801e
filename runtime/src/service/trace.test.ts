import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTraceparent } from '@scholar/contract';
import { html, sendPage } from '../http/index.ts';
import {
  createHttpStub,
  createOtlpReceiver,
  createServiceHarness,
  type HttpStub,
  type OtlpReceiver,
  type ServiceHarness,
  tempDir,
  waitFor,
} from '../testing/index.ts';
import { defineService } from './index.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const INBOUND = `00-${TRACE}-b7ad6b7169203331-01`;

let other: HttpStub;
let collector: OtlpReceiver;
let harness: ServiceHarness;

beforeAll(async () => {
  other = await createHttpStub(() => ({ status: 200, body: {} }));
  collector = await createOtlpReceiver();
  const dir = join(await tempDir(), 'migrations');
  await mkdir(dir);
  await writeFile(join(dir, '0001_notes.sql'), 'CREATE TABLE notes (text text);');
  harness = await createServiceHarness(noteService(dir), {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  });
});

afterAll(async () => {
  await harness.stop();
  await Promise.all([other.close(), collector.close()]);
});

const noteService = (migrations: string) =>
  defineService({
    label: 'scholar_auth',
    migrations,
    build: (deps) => ({
      app(app) {
        app.get('/notes', (_request, response) =>
          sendPage(response, {
            title: 'Notes',
            body: html`<form method="post" action="/notes"><p>${'<form method="post">'}</p></form>`,
          }),
        );
        app.post('/notes', async (request, response) => {
          await deps.fetchJson(other.url);
          const made = await deps.withTransaction((tx) =>
            deps.record(tx, { eventType: 'PageView', actorId: 'system', source: '/notes' }),
          );
          response.json({ ...made, body: request.body });
        });
      },
    }),
  });

async function spansOf(traceId: string, count: number) {
  const mine = () => collector.spans().filter((span) => span.traceId === traceId);
  await waitFor(() => mine().length >= count, { timeoutMs: 20_000, what: `${count} spans` });
  return mine();
}

async function post(body: string, headers: Record<string, string>) {
  const response = await harness.fetch('/notes', { method: 'POST', headers, body });
  const { eventId, body: seen } = (await response.json()) as { eventId: string; body: unknown };
  const event = (await harness.events()).find((one) => one.eventId === eventId);
  return { seen, event: parseTraceparent(event?.traceparent) };
}

test('a call continues its caller: the event and what is asked of others are below it, each at a place of its own', async () => {
  const { event } = await post('{}', { 'content-type': 'application/json', traceparent: INBOUND });
  const [server, client, create] = (await spansOf(TRACE, 3)).toSorted((a, b) => a.kind - b.kind);
  expect(server).toMatchObject({
    ...{ name: 'POST /notes', process: 'scholar_auth', parentSpanId: 'b7ad6b7169203331', error: false },
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/notes',
      'url.path': '/notes',
      'http.response.status_code': 200,
    },
  });
  expect(client).toMatchObject({ kind: 3, parentSpanId: server?.spanId });
  expect(other.requests.at(-1)?.headers['traceparent']).toBe(`00-${TRACE}-${client?.spanId}-01`);
  expect(create).toMatchObject({ kind: 4, name: 'create outbox', parentSpanId: server?.spanId });
  expect(event).toEqual({ traceId: TRACE, spanId: create?.spanId, sampled: true });
});

test('a form that is posted, and what its island fetches, continue the trace of their page; no route sees the field', async () => {
  const page = await (await harness.fetch('/notes')).text();
  const [field = '', ...more] = [...page.matchAll(/name="traceparent" value="([^"]+)"/g)].map(
    ([, value]) => value ?? '',
  );
  const [, meta] = /<meta name="traceparent" content="([^"]+)">/.exec(page) ?? [];
  expect(more).toEqual([]);
  expect(meta).toBe(field);
  const traceId = parseTraceparent(field)?.traceId ?? '';
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const posted = await post(String(new URLSearchParams({ text: 'one', traceparent: field })), form);
  expect(posted.seen).toEqual({ text: 'one' });
  expect(posted.event?.traceId).toBe(traceId);
  const fetched = await post('{}', { 'content-type': 'application/json', traceparent: field });
  expect(fetched.event?.traceId).toBe(traceId);
  const spans = await spansOf(traceId, 7);
  const [root] = spans.filter(({ name }) => name === 'GET /notes');
  expect(root?.parentSpanId).toBeUndefined();
  const posts = spans.filter(({ name }) => name === 'POST /notes');
  expect(posts.map(({ parentSpanId }) => parentSpanId)).toEqual([root?.spanId, root?.spanId]);
});

test.each(['nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `${INBOUND}, ${INBOUND}`])(
  'a traceparent that cannot be continued begins a new trace and is no error: %s',
  async (traceparent) => {
    const { event } = await post('{}', { 'content-type': 'application/json', traceparent });
    expect(event?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect([TRACE, '0'.repeat(32)]).not.toContain(event?.traceId);
    expect(event?.sampled).toBe(true);
  },
);

test('who does not want to be sampled is not, and is passed on as not sampled', async () => {
  const traceId = 'c'.repeat(32);
  const traceparent = `00-${traceId}-b7ad6b7169203331-00`;
  const { event } = await post('{}', { 'content-type': 'application/json', traceparent });
  expect(event).toMatchObject({ traceId, sampled: false });
  const later = await post('{}', { 'content-type': 'application/json' });
  await spansOf(later.event?.traceId ?? '', 3);
  expect(collector.spans().filter((span) => span.traceId === traceId)).toEqual([]);
});

test('where an event is in its outbox is told on the ops listener, and nothing of its content', async () => {
  const eventId = '7d9f2f0a-3c1e-4b6a-9f5d-2a1b3c4d5e6f';
  const asked = async (query: string) => {
    const response = await fetch(`${harness.opsUrl}/outbox${query}`);
    return { status: response.status, body: await response.json() };
  };
  const client = await harness.pool.connect();
  try {
    // Locked, so that the relay passes it over.
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO outbox (event_id, label, event, attempts, next_attempt_at)
       VALUES ($1, 'scholar_auth', '{"actor_id":"somebody"}', 3, now() + interval '1 hour')`,
      [eventId],
    );
    await client.query('COMMIT');
    const { body } = await asked(`?event_id=${eventId.toUpperCase()}`);
    expect(body).toMatchObject({
      event_id: eventId,
      state: 'waiting',
      attempts: 3,
      problem: null,
      failing: null,
    });
    expect(JSON.stringify(body)).not.toContain('somebody');
    await client.query(`UPDATE outbox SET parked_at = now(), problem = '{"code":"pii_detected"}'`);
    expect((await asked(`?event_id=${eventId}`)).body).toMatchObject({
      state: 'parked',
      problem: 'pii_detected',
    });
    await client.query('DELETE FROM outbox');
    expect((await asked(`?event_id=${eventId}`)).body).toMatchObject({ state: 'gone', recorded_at: null });
    expect((await asked('?event_id=one')).status).toBe(400);
  } finally {
    client.release();
  }
});
