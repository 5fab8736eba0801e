import { createHash, randomUUID } from 'node:crypto';
import { contentHash, digestOf, ERASED_ACTOR, erasedEvent } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { anEvent, type EventInput, exchange, read, report, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';
import { ErasedActors } from './erased-actors.ts';
import { requestErasure } from './erasures-table.ts';
import { sweepOnce } from './sweep.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const ADA = 'user_ada_lovelace';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
});

afterEach(async () => {
  await database.drop();
});

async function withHub<T>(work: (hub: RunningHub) => Promise<T>): Promise<T> {
  const hub = await startHub({ databaseUrl: database.url });
  try {
    return await work(hub);
  } finally {
    await hub.stop();
  }
}

/** An event full of what could tell of its actor. */
const full = (actor_id = ADA, changes: Record<string, unknown> = {}) =>
  anEvent({
    actor_id,
    session_id: `session of ${actor_id}`,
    source: `/people/${actor_id}`,
    payload: { details: `seen by ${actor_id}`, reference: actor_id },
    ...changes,
  });

const traced: EventInput = {
  headers: {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'x-request-id': 'request-of-ada',
    'x-forwarder-id': 'scholarship_api@pod:1',
  },
};

const rowOf = async (id: string): Promise<Record<string, unknown>> =>
  (await database.pool.query('SELECT * FROM events WHERE event_id = $1', [id])).rows[0];

async function erase(hub: RunningHub, actor = ADA): Promise<string> {
  const { status, body } = await report(hub.url, '/operations/erasures', { actor_id: actor });
  expect(status).toBe(202);
  return String(body['erasure_id']);
}

const isErased = (id: string) => waitFor(async () => (await rowOf(id))['erased_at'] !== null);

test('an erased row keeps its id, label, type and times, and nothing of the actor is left in the database', () =>
  withHub(async (hub) => {
    const { eventId } = await sendEvent(hub.url, { ...traced, event: full() });
    const other = await sendEvent(hub.url, { event: full('user_bob') });
    // Refused as a conflict: of its content the record keeps hashes.
    await sendEvent(hub.url, { eventId, event: full(ADA, { source: '/elsewhere' }) });
    await waitFor(async () => (await database.pool.query('SELECT 1 FROM rejected_events')).rowCount === 1);
    const [before, bystander] = [await rowOf(eventId), await rowOf(other.eventId)];
    const id = await erase(hub);
    await isErased(eventId);
    expect(await rowOf(eventId)).toEqual({
      ...before,
      actor_id: ERASED_ACTOR,
      session_id: null,
      source: '-',
      payload: {},
      content_hash: Buffer.alloc(0),
      request_id: '-',
      traceparent: null,
      erased_at: expect.any(Date),
    });
    expect(await rowOf(other.eventId)).toEqual(bystander);
    const { rows } = await database.pool.query(
      'SELECT content_hash, body_hash, request_id FROM rejected_events',
    );
    expect(rows).toEqual([{ content_hash: null, body_hash: null, request_id: '-' }]);
    await everyTextOfTheDatabaseIsFreeOf([ADA, 'request-of-ada', '0af7651916cd43dd8448eb211c80319c']);
    expect((await read(hub.url, `/events/${eventId}`)).body).toMatchObject({ erased_at: expect.any(String) });
    const audit = await exchange(`${hub.url}/operations/erasures/${id}`, {
      method: 'GET',
      headers: { authorization: `Bearer ${KEYS.operations}` },
    });
    expect(audit.body).toMatchObject({ erasure_id: id, requested_by: 'operations', events: 1, refusals: 1 });
  }));

/** Looks through every table as text, and at the hashes that anybody can compute. */
async function everyTextOfTheDatabaseIsFreeOf(texts: readonly string[]): Promise<void> {
  const tables = await database.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`,
  );
  expect(tables.rows.length).toBeGreaterThan(8);
  for (const { name } of tables.rows) {
    const { rows } = await database.pool.query(`SELECT to_jsonb(t)::text AS text FROM "${name}" AS t`);
    const all = rows.map(({ text }) => text).join('\n');
    const hashes = texts.map((text) => createHash('sha256').update(text).digest('hex'));
    for (const text of [...texts, ...hashes]) expect(all).not.toContain(text);
  }
}

test('a later delivery of an erased id is a duplicate, whatever its body, and brings nothing back', () =>
  withHub(async (hub) => {
    const { eventId, answer: first } = await sendEvent(hub.url, { ...traced, event: full() });
    await erase(hub);
    await isErased(eventId);
    const digest = digestOf([eventId]);
    const again = [full(), full('somebody else'), anEvent({ source: '/other' }), erasedEvent(full())];
    for (const event of again) {
      const { answer } = await sendEvent(hub.url, { eventId, event });
      expect([answer.status, answer.body]).toMatchObject([
        200,
        { duplicate: true, received_at: first.body['received_at'] },
      ]);
    }
    // All at once, in one batch perhaps: still no conflict.
    const batch = await Promise.all(again.map((event) => sendEvent(hub.url, { eventId, event })));
    expect(batch.map(({ answer }) => answer.status)).toEqual([200, 200, 200, 200]);
    expect(await rowOf(eventId)).toMatchObject({ actor_id: ERASED_ACTOR, payload: {}, deliveries: 9 });
    const { rows } = await database.pool.query<{ event_id: string }>('SELECT event_id FROM events');
    expect(digestOf(rows.map(({ event_id }) => event_id))).toEqual(digest);
  }));

test('an event that happened before the erasure and comes after it is a row without content; one that happened later is a new event', () =>
  withHub(async (hub) => {
    await erase(hub);
    const late = await sendEvent(hub.url, { ...traced, event: full() });
    expect(late.answer.status).toBe(201);
    expect(await rowOf(late.eventId)).toMatchObject({
      ...{
        actor_id: ERASED_ACTOR,
        session_id: null,
        source: '-',
        payload: {},
        request_id: '-',
        traceparent: null,
      },
      ...{ erased_at: expect.any(Date), forwarder_id: 'scholarship_api@pod:1', event_type: 'PageView' },
    });
    const back = full(ADA, { occurred_at: new Date(Date.now() + 60_000).toISOString() });
    const { eventId } = await sendEvent(hub.url, { event: back });
    expect(await rowOf(eventId)).toMatchObject({ actor_id: ADA, erased_at: null });
    const bob = await sendEvent(hub.url, { event: full('user_bob') });
    expect(await rowOf(bob.eventId)).toMatchObject({ actor_id: 'user_bob', erased_at: null });
  }));

test('another replica, and one that starts later, know of an erasure before they write', async () => {
  await withHub((hub) =>
    withHub(async (replica) => {
      await sendEvent(replica.url, { event: full('user_bob') });
      await erase(hub);
      await waitFor(async () => {
        const { eventId } = await sendEvent(replica.url, { event: full() });
        return (await rowOf(eventId))['erased_at'] !== null;
      });
    }),
  );
  await withHub(async (later) => {
    const { eventId } = await sendEvent(later.url, { event: full() });
    expect(await rowOf(eventId)).toMatchObject({ actor_id: ERASED_ACTOR });
  });
});

test('an event that a forwarder has erased while it waited is stored as erased; under the id of another event it is a conflict', () =>
  withHub(async (hub) => {
    const { eventId } = await sendEvent(hub.url, { event: erasedEvent(full()) });
    expect(await rowOf(eventId)).toMatchObject({ actor_id: ERASED_ACTOR, erased_at: expect.any(Date) });
    const bob = await sendEvent(hub.url, { event: full('user_bob') });
    const same = await sendEvent(hub.url, { eventId: bob.eventId, event: erasedEvent(full('user_bob')) });
    expect(same.answer.status).toBe(200);
    const another = full('user_bob', { occurred_at: '2026-11-25T12:00:00Z' });
    const wrong = await sendEvent(hub.url, { eventId: bob.eventId, event: erasedEvent(another) });
    expect(wrong.answer).toMatchObject({ status: 409, body: { code: 'event_id_conflict' } });
    expect(await rowOf(bob.eventId)).toMatchObject({ actor_id: 'user_bob', erased_at: null });
  }));

test('what an erasure would change is counted first, page by page, and nothing is changed', () =>
  withHub(async (hub) => {
    const { eventId } = await sendEvent(hub.url, { event: full() });
    await sendEvent(hub.url, { label: 'scholar_auth', event: full(ADA, { event_type: 'NewUser' }) });
    await sendEvent(hub.url, { event: full('user_bob') });
    const { status, body } = await report(hub.url, '/operations/erasures/preview', { actor_id: ADA });
    expect([status, body]).toMatchObject([
      200,
      { events: 2, by_app: { scholar_auth: 1, scholarship_api: 1 }, next: null, oldest: expect.any(String) },
    ]);
    const after = await report(hub.url, '/operations/erasures/preview', {
      actor_id: ADA,
      after: '9999999999-0',
    });
    expect(after.body).toEqual({ events: 0, by_app: {}, oldest: null, newest: null, next: null });
    expect(await rowOf(eventId)).toMatchObject({ actor_id: ADA, erased_at: null });
  }));

test('only an operations key erases, and only an actor who is a person', () =>
  withHub(async (hub) => {
    for (const path of ['/operations/erasures', '/operations/erasures/preview']) {
      expect((await report(hub.url, path, { actor_id: ADA }, KEYS.read)).status).toBe(403);
      expect((await report(hub.url, path, { actor_id: ADA }, 'nobody')).status).toBe(401);
      for (const actor_id of ['system', ERASED_ACTOR, '', 7]) {
        expect((await report(hub.url, path, { actor_id })).status).toBe(422);
      }
    }
    expect((await database.pool.query('SELECT 1 FROM erasures')).rowCount).toBe(0);
  }));

/** Rows as A8 would have stored them. */
async function store(actors: readonly string[]): Promise<void> {
  const event = { ...anEvent(), actor_id: 'x' };
  await database.pool.query(
    `INSERT INTO events (event_id, app_label, event_type, occurred_at, actor_id, source, payload, simulated, content_hash, request_id, key_id)
     SELECT gen_random_uuid(), 'scholarship_api', 'PageView', now(), actor, 's', '{}', false, $2, 'r', 'k' FROM unnest($1::text[]) AS actor`,
    [actors, contentHash('scholarship_api', event as never)],
  );
}

const left = async () =>
  (await database.pool.query(`SELECT count(*)::int AS n FROM events WHERE actor_id = $1`, [ADA])).rows[0].n;

async function order(): Promise<void> {
  const actors = new ErasedActors({ pool: database.pool, monotonic: systemClock.monotonic });
  await requestErasure(database.pool, { actorHash: await actors.hash(ADA), keyId: 'k' });
}

/** Looks until it is done; what other suites have open in this PostgreSQL may hold it back for a while. */
async function sweepAll(limit: number): Promise<void> {
  await waitFor(
    async () => {
      await sweepOnce(database.pool, { limit, graceS: 0 });
      return (await database.pool.query('SELECT 1 FROM erasures WHERE finished_at IS NULL')).rowCount === 0;
    },
    { timeoutMs: 60_000 },
  );
}

test('each step looks at so many rows, the next goes on where it stopped, and a second order changes nothing more', async () => {
  await store(Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? ADA : 'user_bob')));
  await order();
  await waitFor(async () => (await sweepOnce(database.pool, { limit: 10, graceS: 0 })).erased > 0);
  expect(await left()).toBeGreaterThanOrEqual(16);
  // A transaction that is cut off leaves everything as it was before it.
  await sweepAll(10);
  expect(await left()).toBe(0);
  const untouched = await database.pool.query(`SELECT 1 FROM events WHERE actor_id = 'user_bob'`);
  expect(untouched.rowCount).toBe(40);
  await order();
  await sweepAll(7);
  const { rows } = await database.pool.query('SELECT events::int FROM erasures ORDER BY id');
  expect(rows).toEqual([{ events: 20 }, { events: 0 }]);
});

test('replicas that sweep at the same moment erase each row once, beside writers of the same ids', async () => {
  await store(Array.from({ length: 200 }, () => ADA));
  await order();
  const deliver = () => database.pool.query('UPDATE events SET deliveries = deliveries + 1');
  await Promise.all([sweepAll(9), sweepAll(9), deliver(), deliver()]);
  const { rows } = await database.pool.query(
    `SELECT (SELECT sum(events)::int FROM erasures) AS counted, count(*)::int AS n, min(deliveries) AS deliveries FROM events WHERE erased_at IS NOT NULL`,
  );
  expect(rows).toEqual([{ counted: 200, n: 200, deliveries: 3 }]);
});

test('an erasure is not done while an event may still be written by who has not heard of it', async () => {
  const writer = await database.pool.connect();
  try {
    await writer.query('BEGIN');
    await writer.query(
      `INSERT INTO events (event_id, app_label, event_type, occurred_at, actor_id, source, payload, simulated, content_hash, request_id, key_id)
       VALUES ($1, 'scholarship_api', 'PageView', '2026-11-24', $2, 's', '{}', false, '\\x00', 'r', 'k')`,
      [randomUUID(), ADA],
    );
    await order();
    for (let look = 0; look < 5; look += 1) await sweepOnce(database.pool, { limit: 10, graceS: 0 });
    expect((await database.pool.query('SELECT 1 FROM erasures WHERE finished_at IS NULL')).rowCount).toBe(1);
    await writer.query('COMMIT');
  } finally {
    writer.release();
  }
  await sweepAll(10);
  expect(await left()).toBe(0);
});
