import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { anEvent, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

let database: TestDatabase;
let hub: RunningHub;

beforeEach(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
  hub = await startHub({ databaseUrl: database.url, env: { MAX_LIVE_TAILS: '2' } });
});

afterEach(async () => {
  await hub.stop();
  await database.drop();
});

type Tail = {
  ids: () => string[];
  lastId: () => string;
  status: number;
  ended: () => boolean;
  request: ClientRequest;
};

async function tail(query = '', lastEventId?: string, path = '/events/stream'): Promise<Tail> {
  const headers = {
    authorization: `Bearer ${KEYS.read}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  let text = '';
  let ended = false;
  const request = get(`${hub.url}${path}${query}`, { headers });
  const response = await new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('error', () => {});
  response.on('error', () => {});
  response.on('close', () => {
    ended = true;
  });
  const matches = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, value]) => value ?? '');
  if (response.statusCode === 200) await waitFor(() => text.includes('retry: 2000'));
  return {
    status: response.statusCode ?? 0,
    ids: () => matches(/"event_id":"([^"]+)"/g),
    lastId: () => matches(/^id: (.+)$/gm).at(-1) ?? '',
    ended: () => ended,
    request,
  };
}

/** Whatever else goes on in this PostgreSQL may hold the list, and so a tail, back for a moment. */
const isListed = async (eventId: string): Promise<boolean> => {
  const headers = { authorization: `Bearer ${KEYS.read}` };
  return (await (await fetch(`${hub.url}/events`, { headers })).text()).includes(eventId);
};

test('a tail shows what comes after it was opened, filtered, and ends with the process', async () => {
  const { eventId: before } = await sendEvent(hub.url);
  await waitFor(() => isListed(before));
  const all = await tail();
  const auth = await tail('?app=scholar_auth&simulated=include');
  const one = (await sendEvent(hub.url)).eventId;
  const two = (await sendEvent(hub.url, { label: 'scholar_auth', event: anEvent({ source: 'canary/x' }) }))
    .eventId;
  await waitFor(() => all.ids().length === 1 && auth.ids().length === 1);
  expect([all.ids(), auth.ids()]).toEqual([[one], [two]]);
  await hub.stop();
  await waitFor(() => all.ended() && auth.ended());
});

test('a client that reconnects with its last id gets what it missed, once', async () => {
  const first = await tail();
  const seen = (await sendEvent(hub.url)).eventId;
  await waitFor(() => first.ids().length === 1);
  const lastId = first.lastId();
  first.request.destroy();
  const missed: string[] = [];
  for (let index = 0; index < 5; index += 1) missed.push((await sendEvent(hub.url)).eventId);
  const second = await tail('', lastId);
  await waitFor(() => second.ids().length === 5);
  expect(second.ids()).toEqual(missed);
  expect(second.ids()).not.toContain(seen);
  second.request.destroy();
});

test('a tail that names a cursor goes on after it, as a browser does that was paused', async () => {
  const first = await tail();
  const { eventId: seen } = await sendEvent(hub.url);
  await waitFor(() => first.ids().includes(seen));
  const { eventId: missed } = await sendEvent(hub.url);
  const second = await tail(`?cursor=${first.lastId()}`);
  await waitFor(() => second.ids().includes(missed));
  expect((await tail('?cursor=yesterday')).status).toBe(422);
  for (const { request } of [first, second]) request.destroy();
});

test('refusals have a tail of their own, with code and pointer', async () => {
  const refusals = await tail('?app=student_pilot', undefined, '/rejected/stream');
  const bad = anEvent({ payload: { amount_cents: 'ten' } });
  await sendEvent(hub.url, { event: bad });
  const { eventId } = await sendEvent(hub.url, { label: 'student_pilot', event: bad });
  await waitFor(() => refusals.ids().length > 0);
  expect(refusals.ids()).toEqual([eventId]);
  refusals.request.destroy();
});

test('tails are bounded: one more than allowed is told to come back later', async () => {
  const open = [await tail(), await tail()];
  expect((await tail()).status).toBe(503);
  for (const { request } of open) request.destroy();
  await waitFor(async () => (await tail()).status === 200);
});
