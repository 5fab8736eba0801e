import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { createPublicServer } from './public-server.ts';
import { cookieOf, getPage, signIn } from './testing/forms.ts';
import { type Answer, sendEvent } from './testing/send.ts';
import { KEYS, type RunningHub, startHub } from './testing/start-hub.ts';

const MOST_CONNECTIONS = 6;

let database: TestDatabase;
let hub: RunningHub;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: new URL('../migrations/', import.meta.url) });
  hub = await startHub({ databaseUrl: database.url, env: { MAX_CONNECTIONS: String(MOST_CONNECTIONS) } });
});

afterAll(async () => {
  await hub.stop();
  await database.drop();
});

test('a sender has 5 s for its header, 15 s for the whole request and 64 header fields', () => {
  const server = createPublicServer({ receiveEvent: () => {}, app: () => {}, maxConnections: 1 });
  const { headersTimeout, requestTimeout, maxHeadersCount, keepAliveTimeout } = server;
  expect({ headersTimeout, requestTimeout, maxHeadersCount, keepAliveTimeout }).toEqual({
    ...{ headersTimeout: 5_000, requestTimeout: 15_000, maxHeadersCount: 64, keepAliveTimeout: 65_000 },
  });
});

test('header fields of more than 16 KiB are answered 431 with a problem document', async () => {
  const { answer } = await sendEvent(hub.url, { headers: { 'x-long': 'x'.repeat(17_000) } });
  expect(answer).toMatchObject({ status: 431, body: { code: 'headers_too_large' } });
});

test('a connection beyond the most that there may be is closed, and hinders none of the others', async () => {
  const sockets = Array.from({ length: MOST_CONNECTIONS }, () =>
    connect(Number(new URL(hub.url).port), '127.0.0.1').on('error', () => {}),
  );
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    // Not over a connection that is kept from before.
    await expect(sendEvent(hub.url, { agent: new Agent() })).rejects.toThrow();
    const answered = new Promise((resolve) => sockets[0]?.once('data', (data) => resolve(String(data))));
    sockets[0]?.write('GET /health HTTP/1.1\r\nhost: a8\r\n\r\n');
    expect(await answered).toContain('HTTP/1.1 200');
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  await waitFor(async () => (await sendEvent(hub.url)).answer.status === 201);
});

test('in production an event that came by plain http is refused; by https, or past every proxy, it is stored', async () => {
  const env = { ENVIRONMENT: 'production' };
  const production = await startHub({ databaseUrl: database.url, env });
  const statusBy = async (headers: Record<string, string>) =>
    (await sendEvent(production.url, { headers })).answer;
  expect(await statusBy({ 'x-forwarded-proto': 'http' })).toMatchObject({
    status: 403,
    body: { code: 'https_required' },
  });
  expect(await statusBy({ 'x-forwarded-proto': 'https' })).toMatchObject({ status: 201 });
  expect(await statusBy({})).toMatchObject({ status: 201 });
  await production.stop();
});

describe('every page', () => {
  const get = (path: string, cookie = '') => getPage(`${hub.url}${path}`, cookie);
  const enter = (key: string) => signIn(hub.url, key, { origin: hub.url });
  const sessionOf = async () => cookieOf(await enter(KEYS.read));

  const PAGES: [string, number, () => Promise<Answer>][] = [
    ['the sign-in', 200, () => get('/')],
    ['a refused sign-in', 401, () => enter('none')],
    ['a sign-in with a key of another role', 403, () => enter(KEYS.emit)],
    ['the dashboard', 200, async () => get('/', await sessionOf())],
    ['an event', 200, async () => get(`/events/${(await sendEvent(hub.url)).eventId}`, await sessionOf())],
    ['the live tail', 200, async () => get('/live', await sessionOf())],
    ['the volume', 200, async () => get('/volume', await sessionOf())],
    ['the refusals', 200, async () => get('/refused', await sessionOf())],
    ['an event that is none', 404, async () => get('/events/none', await sessionOf())],
    ['a page without a session', 401, () => get('/events')],
    ['nothing', 404, () => get('/none')],
    ['a broken address', 400, () => get('/events/%')],
  ];

  test.each(PAGES)(
    '%s (%i) lets nothing in that is inline or foreign, no frame and no sniffing',
    async (_name, status, ask) => {
      const answer = await ask();
      expect(answer.status).toBe(status);
      const { headers } = answer;
      const policy = new Map(
        String(headers['content-security-policy'])
          .split(';')
          .map((directive) => directive.trim().split(/ +/))
          .map(([name = '', ...sources]) => [name, sources.join(' ')]),
      );
      expect(Object.fromEntries(policy)).toEqual({
        ...{
          'default-src': "'self'",
          'script-src': "'self'",
          'style-src': "'self'",
          'connect-src': "'self'",
        },
        ...{ 'img-src': "'self' data:", 'object-src': "'none'", 'base-uri': "'none'" },
        ...{ 'frame-ancestors': "'none'", 'form-action': "'self'" },
      });
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
      expect(headers['x-powered-by']).toBeUndefined();
      expect(String(headers['content-type'])).toMatch(/^text\/html; charset=utf-8$/);
      const text = String(answer.body['text']);
      expect(text).not.toMatch(
        /<style|<script(?![^>]* src=")| style=| on[a-z]+=|javascript:|(?:src|href)="(?:https?:)?\/\//i,
      );
    },
  );
});
