import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { type Answer, anEvent, exchange, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

let database: TestDatabase;
let hub: RunningHub;

beforeEach(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
  hub = await startHub({ databaseUrl: database.url });
});

afterEach(async () => {
  await hub.stop();
  await database.drop();
});

function signIn(key: string, headers: Record<string, string> = {}): Promise<Answer> {
  return exchange(`${hub.url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers },
    body: Buffer.from(new URLSearchParams({ key }).toString()),
  });
}

const cookieOf = (answer: Answer) =>
  String((answer.headers['set-cookie'] as string[] | undefined)?.[0] ?? '');
const page = (path: string, cookie = '') =>
  exchange(`${hub.url}${path}`, { method: 'GET', headers: { accept: 'text/html', cookie } });
const textOf = (answer: Answer) => String(answer.body['text']);

test('without a session the first page is the sign-in form, and tells nothing', async () => {
  const answer = await page('/');
  expect(answer.status).toBe(200);
  expect(textOf(answer)).toContain('Read key');
  expect(textOf(answer)).not.toContain('Truth table');
});

test('a read key is swapped for an HttpOnly, SameSite=Strict cookie that opens pages and the API', async () => {
  const answer = await signIn(KEYS.read);
  expect(answer).toMatchObject({ status: 303, headers: { location: '/' } });
  expect(cookieOf(answer)).toMatch(/^a8_session=[A-Za-z0-9_-]{43}; .*HttpOnly; SameSite=Strict$/);
  const cookie = cookieOf(answer).split(';', 1)[0] ?? '';
  const { eventId } = await sendEvent(hub.url, { event: anEvent({ source: '/<script>alert(1)</script>' }) });
  const first = await waitFor(async () => {
    const text = textOf(await page('/', cookie));
    return text.includes(eventId) ? text : undefined;
  });
  expect(first).toContain('Truth table');
  expect(first).toContain('within 150 ms');
  expect(first).toContain('&lt;script&gt;');
  expect(first).not.toContain('<script>alert');
  expect(textOf(await page(`/events/${eventId}`, cookie))).toContain('scholarship_api');
  const api = await exchange(`${hub.url}/events/${eventId}`, { method: 'GET', headers: { cookie } });
  expect(api.body).toMatchObject({ event_id: eventId });

  await exchange(`${hub.url}/session/end`, { method: 'POST', headers: { cookie } });
  expect((await page(`/events/${eventId}`, cookie)).status).toBe(401);
});

test('another key, a forged cookie and a form of another site open nothing', async () => {
  expect((await signIn('wrong')).status).toBe(401);
  expect((await signIn(KEYS.emit)).status).toBe(403);
  expect((await signIn(KEYS.read, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await signIn(KEYS.read, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await page('/events', `a8_session=${'A'.repeat(43)}`)).status).toBe(401);
});

test('taking the read key out of the ring ends its sessions', async () => {
  const cookie = cookieOf(await signIn(KEYS.read)).split(';', 1)[0] ?? '';
  expect(textOf(await page('/', cookie))).toContain('Truth table');
  await rm(join(hub.keysDir, 'read.json'));
  await waitFor(async () => (await page('/events', cookie)).status === 401);
});

test('pages allow nothing inline and nothing foreign, and their assets are served here', async () => {
  const cookie = cookieOf(await signIn(KEYS.read)).split(';', 1)[0] ?? '';
  const answer = await page('/', cookie);
  const policy = String(answer.headers['content-security-policy']);
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe-inline');
  expect(textOf(answer)).not.toMatch(/ style=| on[a-z]+="|<script>/);
  const assets = [...textOf(answer).matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(
    ([, path]) => path ?? '',
  );
  expect(assets).toEqual(expect.arrayContaining(['/assets/hq.css', '/assets/live-tail.js']));
  for (const path of assets) expect((await page(path)).status).toBe(200);
});
