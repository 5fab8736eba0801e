import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { everythingListed } from '../testing/everything-listed.ts';
import { anEvent, exchange, read, sendEvent } from '../testing/send.ts';
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

type View = { event_id: string; cursor: string; app_label: string };
type Page = { events: View[]; next_cursor: string | null; position: string | null };

async function page(query = ''): Promise<Page> {
  const answer = await read(hub.url, `/events${query}`);
  expect(answer.status).toBe(200);
  return answer.body as unknown as Page;
}
const idsOf = ({ events }: Page) => events.map(({ event_id }) => event_id);

async function sendMany(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push((await sendEvent(hub.url)).eventId);
  await everythingListed(database.pool);
  return ids;
}

test('nobody reads without a read key: 401 without one, 403 with one of another role', async () => {
  for (const path of [
    '/events',
    '/events/stream',
    '/rejected',
    '/truth-table',
    '/observations',
    '/events/x',
  ]) {
    expect((await exchange(`${hub.url}${path}`, { method: 'GET' })).status).toBe(401);
    const headers = { authorization: `Bearer ${KEYS.emit}` };
    expect((await exchange(`${hub.url}${path}`, { method: 'GET', headers })).status).toBe(403);
  }
});

test('a read key does not emit', async () => {
  expect((await sendEvent(hub.url, { key: KEYS.read })).answer).toMatchObject({ status: 403 });
});

test('an event is read back by its id in any letter case; an unknown id is 404', async () => {
  const { eventId } = await sendEvent(hub.url);
  expect((await read(hub.url, `/events/${eventId.toUpperCase()}`)).body).toMatchObject({
    event_id: eventId,
    payload: { details: 'seen' },
    deliveries: 1,
  });
  for (const id of ['0b2f9f3a-6d3f-4c8e-9a5b-3f2f1a7c9d10', 'nonsense', '%00']) {
    expect((await read(hub.url, `/events/${id}`)).status).toBeGreaterThanOrEqual(400);
  }
});

test('pages follow each other without a gap or a repetition, forwards and backwards', async () => {
  const ids = await sendMany(7);
  const first = await page('?limit=3');
  const second = await page(`?limit=3&cursor=${first.next_cursor}`);
  const third = await page(`?limit=3&cursor=${second.next_cursor}`);
  expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(ids);
  expect(third.next_cursor).toBeNull();
  const last = await page('?limit=4&order=desc');
  expect(idsOf(last)).toEqual(ids.toReversed().slice(0, 4));
  expect(idsOf(await page(`?order=desc&cursor=${last.next_cursor}`))).toEqual(ids.toReversed().slice(4));
  const more = await sendMany(2);
  expect(idsOf(await page(`?cursor=${third.position}`))).toEqual(more);
});

test('pages are in the order of numbers, not of their digits, when transaction ids get longer', async () => {
  const ids = await sendMany(4);
  for (const [index, xid] of ['9', '99', '100', '101'].entries()) {
    await database.pool.query('UPDATE events SET xid = $2::xid8 WHERE event_id = $1', [ids[index], xid]);
  }
  expect(idsOf(await page())).toEqual(ids);
  expect(idsOf(await page('?order=desc'))).toEqual(ids.toReversed());
});

test('filters narrow by app, type and time; simulated events stay out unless asked for', async () => {
  const [plain] = await sendMany(1);
  const simulated = (await sendEvent(hub.url, { event: anEvent({ source: 'canary/api' }) })).eventId;
  const other = (
    await sendEvent(hub.url, { label: 'scholar_auth', event: anEvent({ event_type: 'NewUser' }) })
  ).eventId;
  await everythingListed(database.pool);
  expect(idsOf(await page())).toEqual([plain, other]);
  expect(idsOf(await page('?simulated=include'))).toEqual([plain, simulated, other]);
  expect(idsOf(await page('?simulated=only'))).toEqual([simulated]);
  expect(idsOf(await page('?app=scholar_auth&type=NewUser'))).toEqual([other]);
  expect(idsOf(await page('?type=NewLead'))).toEqual([]);
  const { rows } = await database.pool.query('SELECT received_at FROM events WHERE event_id = $1', [other]);
  expect(idsOf(await page(`?since=${rows[0].received_at.toISOString()}`))).toEqual([other]);
  expect(idsOf(await page('?since=2099-01-01T00:00:00Z'))).toEqual([]);
});

test('a wrong filter is 422 and says which', async () => {
  for (const query of [
    '?app=nobody',
    '?limit=501',
    '?cursor=1',
    '?since=yesterday',
    '?cursor=99999999999999999999-1',
  ]) {
    expect((await read(hub.url, `/events${query}`)).body).toMatchObject({
      status: 422,
      code: 'validation_failed',
    });
  }
});

/** What the ingest statement does, in a transaction that the test holds open. */
const INSERT = `INSERT INTO events (event_id, app_label, event_type, occurred_at, actor_id, source, payload, simulated,
  content_hash, request_id, key_id) VALUES (gen_random_uuid(), 'scholar_auth', 'PageView', now(), 'a', 's', '{}',
  false, '\\x00', 'r', 'k') RETURNING event_id`;

test('the cursor never passes by a transaction that began earlier and commits later', async () => {
  const slow = await database.pool.connect();
  await slow.query('BEGIN');
  const late = (await slow.query(INSERT)).rows[0].event_id;
  const committed = (await sendEvent(hub.url)).eventId;
  // The committed event is later in the order than one that is still open: it has to wait.
  const before = await page();
  expect(idsOf(before)).toEqual([]);
  expect((await read(hub.url, `/events/${committed}`)).status).toBe(200);
  await slow.query('COMMIT');
  slow.release();
  await everythingListed(database.pool);
  expect(idsOf(await page(before.position === null ? '' : `?cursor=${before.position}`))).toEqual([
    late,
    committed,
  ]);
});
