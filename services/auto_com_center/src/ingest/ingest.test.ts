import { randomUUID } from 'node:crypto';
import { conformanceCases, expectAnswer } from '@scholar/contract/golden';
import { allServers, createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { anEvent, exchange, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

describe.each(allServers())('ingest on $name', (server) => {
  let database: TestDatabase;
  let hub: RunningHub;

  beforeAll(async () => {
    database = await createTestDatabase({ migrations: MIGRATIONS, server });
    hub = await startHub({ databaseUrl: database.url });
  });

  afterAll(async () => {
    await hub.stop();
    await database.drop();
  });

  const rowsOf = async (eventId: string) => {
    const { rows } = await database.pool.query('SELECT * FROM events WHERE event_id = $1', [eventId]);
    return rows;
  };

  test.each(conformanceCases('hub', { key: KEYS.emit }).map((one) => [one.name, one] as const))(
    'golden vector %s',
    async (_name, one) => {
      const { method, path, headers, body } = one.request;
      expectAnswer(one, await exchange(`${hub.url}${path}`, { method, headers, body }));
    },
  );

  test('a receipt is a row, and says what the row says', async () => {
    const { eventId, answer } = await sendEvent(hub.url, { headers: { 'x-request-id': 'request-0001' } });
    expect(answer.status).toBe(201);
    const [row] = await rowsOf(eventId);
    expect(answer.body).toEqual({
      accepted: true,
      persisted: true,
      event_id: eventId,
      received_at: row.received_at.toISOString(),
      duplicate: false,
      request_id: 'request-0001',
    });
    expect(row).toMatchObject({
      app_label: 'scholarship_api',
      event_type: 'PageView',
      payload: { details: 'seen' },
      simulated: false,
      deliveries: 1,
      request_id: 'request-0001',
      key_id: 'emit',
    });
  });

  test('the same event again is a duplicate with the first received_at, and is counted on the row', async () => {
    const first = await sendEvent(hub.url);
    const again = await sendEvent(hub.url, { eventId: first.eventId.toUpperCase() });
    expect(again.answer.status).toBe(200);
    expect(again.answer.body).toMatchObject({
      duplicate: true,
      event_id: first.eventId,
      received_at: first.answer.body['received_at'],
    });
    expect((await rowsOf(first.eventId))[0].deliveries).toBe(2);
  });

  test('another content under the same id is a conflict: the first row stays, the attempt is recorded', async () => {
    const { eventId } = await sendEvent(hub.url);
    const { answer } = await sendEvent(hub.url, { eventId, event: anEvent({ actor_id: 'user_2' }) });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'event_id_conflict', event_id: eventId });
    expect((await rowsOf(eventId))[0]).toMatchObject({ actor_id: 'user_1', deliveries: 1 });
    const rejected = await waitFor(async () => {
      const { rows } = await database.pool.query('SELECT * FROM rejected_events WHERE event_id = $1', [
        eventId,
      ]);
      return rows[0];
    });
    expect(rejected).toMatchObject({
      code: 'event_id_conflict',
      app_label: 'scholarship_api',
      key_id: 'emit',
    });
    expect(rejected.key_names).toContain('payload.details');
    expect(rejected.content_hash).toHaveLength(32);
  });

  test('of 64 concurrent equal events one is new and 63 are its duplicates', async () => {
    const eventId = randomUUID();
    const sent = await Promise.all(Array.from({ length: 64 }, () => sendEvent(hub.url, { eventId })));
    const statuses = sent.map(({ answer }) => answer.status).sort();
    expect(statuses).toEqual([...Array.from({ length: 63 }, () => 200), 201]);
    expect(new Set(sent.map(({ answer }) => answer.body['received_at'])).size).toBe(1);
    expect((await rowsOf(eventId))[0].deliveries).toBe(64);
  });

  test('of concurrent different events under one id one content wins, and every answer agrees with the row', async () => {
    const eventId = randomUUID();
    const actors = Array.from({ length: 64 }, (_, index) => `user_${index % 4}`);
    const sent = await Promise.all(
      actors.map((actor_id) => sendEvent(hub.url, { eventId, event: anEvent({ actor_id }) })),
    );
    const [row] = await rowsOf(eventId);
    for (const [index, { answer }] of sent.entries()) {
      expect(answer.status === 409).toBe(actors[index] !== row.actor_id);
    }
    expect(sent.filter(({ answer }) => answer.status === 201)).toHaveLength(1);
    expect(row.deliveries).toBe(16);
  });

  test('text comes back as it went in, and numbers up to the largest safe integer', async () => {
    const event = anEvent({
      event_type: 'PaymentSuccess',
      actor_id: 'Zoë "quoted" \\ {brace}, 日本 😀',
      payload: { amount_cents: Number.MAX_SAFE_INTEGER, currency: 'USD', details: 'a\tb\nc\u2028' },
    });
    const { eventId, answer } = await sendEvent(hub.url, { event });
    expect(answer.status).toBe(201);
    const [row] = await rowsOf(eventId);
    expect(row.actor_id).toBe(event['actor_id']);
    expect(row.payload).toEqual(event['payload']);
  });

  test('an event that PostgreSQL refuses does not fail its neighbours', async () => {
    await database.pool.query(`ALTER TABLE events ADD CONSTRAINT no_poison CHECK (actor_id <> 'poison')`);
    const actors = Array.from({ length: 60 }, (_, index) => (index % 20 === 7 ? 'poison' : 'user_1'));
    const sent = await Promise.all(
      actors.map((actor_id) => sendEvent(hub.url, { event: anEvent({ actor_id }) })),
    );
    for (const [index, { eventId, answer }] of sent.entries()) {
      const isPoison = actors[index] === 'poison';
      expect(answer.status).toBe(isPoison ? 422 : 201);
      expect(await rowsOf(eventId)).toHaveLength(isPoison ? 0 : 1);
    }
  });
});
