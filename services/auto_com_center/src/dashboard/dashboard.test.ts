import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { cookieOf, getPage, postForm, setCookieOf, signIn, textOf, tokenOf } from '../testing/forms.ts';
import { anEvent, exchange, sendEvent } from '../testing/send.ts';
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

const post = (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
  postForm(`${hub.url}${path}`, fields, headers);
const page = (path: string, cookie = '') => getPage(`${hub.url}${path}`, cookie);

test('without a session the first page is the sign-in form, and tells nothing', async () => {
  const answer = await page('/');
  expect(answer.status).toBe(200);
  expect(textOf(answer)).toContain('Read key');
  expect(textOf(answer)).not.toContain('Truth table');
});

test('a read key is swapped for an HttpOnly, SameSite=Strict cookie that opens pages and the API', async () => {
  const answer = await signIn(hub.url, KEYS.read);
  expect(answer).toMatchObject({ status: 303, headers: { location: '/' } });
  expect(setCookieOf(answer)).toMatch(/^a8_session=[A-Za-z0-9_-]{43}; .*HttpOnly; SameSite=Strict$/);
  const cookie = cookieOf(answer);
  const { eventId } = await sendEvent(hub.url, { event: anEvent({ source: '/<script>alert(1)</script>' }) });
  const live = await waitFor(async () => {
    const text = textOf(await page('/live', cookie));
    return text.includes(eventId) ? text : undefined;
  });
  expect(live).toContain('&lt;script&gt;');
  expect(live).not.toContain('<script>alert');
  const first = textOf(await page('/', cookie));
  expect(first).toContain('Truth table');
  expect(first).toContain('within 150 ms');
  expect(textOf(await page(`/events/${eventId}`, cookie))).toContain('scholarship_api');
  const api = await exchange(`${hub.url}/events/${eventId}`, { method: 'GET', headers: { cookie } });
  expect(api.body).toMatchObject({ event_id: eventId });

  expect((await post('/session/end', { csrf: 'A'.repeat(43) }, { cookie })).status).toBe(403);
  expect((await page('/', cookie)).status).toBe(200);
  expect((await post('/session/end', { csrf: tokenOf(await page('/', cookie)) }, { cookie })).status).toBe(
    303,
  );
  expect((await page(`/events/${eventId}`, cookie)).status).toBe(401);
});

test('another key, a forged cookie and a form of another site open nothing', async () => {
  expect((await signIn(hub.url, 'wrong')).status).toBe(401);
  expect((await signIn(hub.url, KEYS.emit)).status).toBe(403);
  expect((await signIn(hub.url, KEYS.read, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await signIn(hub.url, KEYS.read, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const form = await page('/');
  const cookie = cookieOf(form);
  expect((await post('/session', { key: KEYS.read }, { cookie })).status).toBe(403);
  expect((await post('/session', { key: KEYS.read, csrf: tokenOf(form) }, {})).status).toBe(403);
  expect((await page('/events', `a8_session=${'A'.repeat(43)}`)).status).toBe(401);
});

test('the cookie is Secure and of its host alone everywhere but on this very machine', async () => {
  const form = async (headers: Record<string, string>) =>
    setCookieOf(
      await exchange(`${hub.url}/`, { method: 'GET', headers: { accept: 'text/html', ...headers } }),
    );
  expect(await form({ host: '127.0.0.1:4108' })).not.toContain('Secure');
  for (const headers of [{ host: 'hq.example' }, { host: '127.0.0.1:4108', 'x-forwarded-proto': 'https' }]) {
    const cookie = await form(headers);
    expect(cookie).toMatch(/^__Host-a8_sign_in=/);
    expect(cookie).toMatch(/; Path=\/; .*HttpOnly; Secure; SameSite=Strict$/);
    expect(cookie).not.toContain('Domain');
  }
});

test('over https a session of before the prefix goes on, behind one with it; signing out clears both names', async () => {
  const old = cookieOf(await signIn(hub.url, KEYS.read));
  expect(old).toMatch(/^a8_session=/);
  const https = (cookie: string) => ({ accept: 'text/html', 'x-forwarded-proto': 'https', cookie });
  const asked = (cookie: string) => exchange(`${hub.url}/`, { method: 'GET', headers: https(cookie) });
  const dashboard = await asked(old);
  expect(textOf(dashboard)).toContain('Truth table');
  expect(textOf(await asked(`__Host-${old}; a8_session=${'A'.repeat(43)}`))).toContain('Truth table');
  expect(textOf(await asked(`${old}; __Host-a8_session=${'A'.repeat(43)}`))).not.toContain('Truth table');
  const ended = await post('/session/end', { csrf: tokenOf(dashboard) }, https(old));
  const cleared = (ended.headers['set-cookie'] as string[]).map((line) => line.split(';', 1)[0]);
  expect([ended.status, cleared]).toEqual([303, ['__Host-a8_session=', 'a8_session=']]);
  expect(textOf(await asked(old))).not.toContain('Truth table');
});

test('the form leads on to the page that was asked for, and to no other site', async () => {
  const form = await page('/live?app=scholar_auth');
  expect(form.status).toBe(401);
  const cookie = cookieOf(form);
  const send = (to: string) => post('/session', { key: KEYS.read, csrf: tokenOf(form), to }, { cookie });
  expect((await send('/live?app=scholar_auth')).headers['location']).toBe('/live?app=scholar_auth');
  for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', ''])
    expect((await send(to)).headers['location']).toBe('/');
});

test('taking the read key out of the ring ends its sessions', async () => {
  const cookie = cookieOf(await signIn(hub.url, KEYS.read));
  expect(textOf(await page('/', cookie))).toContain('Truth table');
  await rm(join(hub.keysDir, 'read.json'));
  await waitFor(async () => (await page('/events', cookie)).status === 401);
});

test('pages allow nothing inline and nothing foreign, and their assets are served here', async () => {
  const cookie = cookieOf(await signIn(hub.url, KEYS.read));
  const answer = await page('/live', cookie);
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
