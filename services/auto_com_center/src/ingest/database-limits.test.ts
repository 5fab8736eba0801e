import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { exchange, type Sent, sendEvent } from '../testing/send.ts';
import { type RunningHub, startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
});

afterAll(() => database.drop());

async function storedOf(sent: readonly Sent[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ event_id: string }>(
    'SELECT event_id FROM events WHERE event_id = ANY ($1) ORDER BY event_id',
    [sent.map(({ eventId }) => eventId)],
  );
  return rows.map(({ event_id }) => event_id);
}

const many = (hub: RunningHub, count = 40) =>
  Promise.all(Array.from({ length: count }, () => sendEvent(hub.url)));

const sorted = (sent: readonly Sent[]) => sent.map(({ eventId }) => eventId).sort();

/** Each was answered 503 with Retry-After and its own id, none is a row; sent again, each is one, and new. */
async function expectRefusedThenStored(hub: RunningHub, sent: readonly Sent[]): Promise<void> {
  for (const { eventId, answer } of sent) {
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: { code: 'unavailable', event_id: eventId },
    });
  }
  expect(await storedOf(sent)).toEqual([]);
  const again = await waitFor(async () => {
    const answers = await Promise.all(sent.map(({ eventId }) => sendEvent(hub.url, { eventId })));
    return answers.every(({ answer }) => answer.status < 300) ? answers : undefined;
  });
  expect(again).toHaveLength(sent.length);
  expect(await storedOf(sent)).toEqual(sorted(sent));
}

test('a statement that waits too long for a lock of somebody else is 503: nothing is stored, and all of it when sent again', async () => {
  // Parameters of the address go before A8's own 5 s.
  const hub = await startHub({ databaseUrl: `${database.url}?statement_timeout=300` });
  const blocker = await database.pool.connect();
  try {
    expect((await sendEvent(hub.url)).answer.status).toBe(201);
    await blocker.query('BEGIN; LOCK TABLE events IN SHARE MODE');
    const sent = await many(hub);
    await blocker.query('ROLLBACK');
    await expectRefusedThenStored(hub, sent);
  } finally {
    blocker.release();
    await hub.stop();
  }
});

describe('a database that gives A8 no connection', () => {
  const role = `few_${randomUUID().slice(0, 8)}`;
  let hub: RunningHub;

  beforeAll(async () => {
    await database.pool.query(`
      CREATE ROLE ${role} LOGIN PASSWORD 'test';
      GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role};
      GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'test';
    hub = await startHub({ databaseUrl: url.href });
  });

  afterAll(async () => {
    await hub.stop();
    await database.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  /** Holds every connection that the role may have, A8's own ended. */
  async function takeAll(): Promise<void> {
    await database.pool.query(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
    await waitFor(async () => {
      const { rowCount } = await database.pool.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1',
        [role],
      );
      return rowCount === 0;
    });
  }

  test('is 503 with Retry-After for every event, named by /ready; when there are connections again, each is stored', async () => {
    const before = await many(hub);
    expect(before.every(({ answer }) => answer.status === 201)).toBe(true);
    await takeAll();
    const sent = await many(hub);
    expect(await storedOf(before)).toEqual(sorted(before));
    const ready = await exchange(`${hub.opsUrl}/ready`, { method: 'GET' });
    expect(ready).toMatchObject({ status: 503, body: { checks: { database: { ok: false } } } });
    await database.pool.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
    await expectRefusedThenStored(hub, sent);
    await waitFor(async () => (await exchange(`${hub.opsUrl}/ready`, { method: 'GET' })).status === 200);
  });
});
