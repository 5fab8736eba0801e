import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { CUTS, type Cut, type PostgresProxy, startPostgresProxy } from '../testing/postgres-proxy.ts';
import { type Sent, sendEvent } from '../testing/send.ts';
import { type RunningHub, startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const INGEST = 'a8 ingest';

let database: TestDatabase;
let proxy: PostgresProxy;
let hub: RunningHub;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
  proxy = await startPostgresProxy(database.url);
  hub = await startHub({ databaseUrl: proxy.url });
});

afterAll(async () => {
  await hub.stop();
  await proxy.close();
  await database.drop();
});

type StoredRow = { event_id: string; received_at: Date; deliveries: number };

async function rowsOf(ids: readonly string[]): Promise<Map<string, StoredRow>> {
  const { rows } = await database.pool.query<StoredRow>(
    'SELECT event_id, received_at, deliveries FROM events WHERE event_id = ANY ($1)',
    [ids],
  );
  return new Map(rows.map((row) => [row.event_id, row]));
}

/** A server process learns of a cut a moment later; until then its transaction is open. */
async function settled(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = $1 AND backend_xid IS NOT NULL`,
      [INGEST],
    );
    if (rows.length === 0) return;
    await pause(5);
  }
}

test.each([
  ['before_commit', 0, { status: 201, duplicate: false, deliveries: 1 }],
  ['before_answer', 1, { status: 200, duplicate: true, deliveries: 2 }],
  ['within_answer', 1, { status: 200, duplicate: true, deliveries: 2 }],
] as const)(
  'a connection that is cut %s is 503, never a receipt; sent again, the answer is what the database says',
  async (where, stored, again) => {
    const eventId = randomUUID();
    const cut = proxy.cutNext(INGEST, where);
    const first = await sendEvent(hub.url, { eventId });
    await cut;
    await settled();
    expect(first.answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: { code: 'unavailable', event_id: eventId },
    });
    expect((await rowsOf([eventId])).size).toBe(stored);

    const sent = await sendEvent(hub.url, { eventId });
    const row = (await rowsOf([eventId])).get(eventId);
    expect(sent.answer).toMatchObject({
      status: again.status,
      body: { duplicate: again.duplicate, received_at: row?.received_at.toISOString() },
    });
    expect(row?.deliveries).toBe(again.deliveries);
  },
);

test('connections are cut again and again under load: every receipt is a row and says what the row says', async () => {
  const sent: Sent[] = [];
  let going = true;
  const senders = Array.from({ length: 16 }, async () => {
    while (going) {
      const first = await sendEvent(hub.url);
      sent.push(first);
      if (first.answer.status === 503) await pause(5);
    }
  });
  for (let round = 0; round < 12; round += 1) await proxy.cutNext(INGEST, CUTS[round % CUTS.length] as Cut);
  going = false;
  await Promise.all(senders);
  await settled();

  const acknowledged = sent.filter(({ answer }) => answer.status === 201);
  const unknown = sent.filter(({ answer }) => answer.status !== 201);
  const stored = await rowsOf(sent.map(({ eventId }) => eventId));
  for (const { eventId, answer } of acknowledged)
    expect(answer.body['received_at']).toBe(stored.get(eventId)?.received_at.toISOString());
  // Both happened: a cut statement that was stored all the same, and one that was not.
  expect(new Set(unknown.map(({ eventId }) => stored.has(eventId)))).toEqual(new Set([true, false]));
  for (const { eventId, answer } of unknown) {
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
    const second = await sendEvent(hub.url, { eventId });
    expect([eventId, second.answer.status]).toEqual([eventId, stored.has(eventId) ? 200 : 201]);
  }
  const all = await rowsOf(sent.map(({ eventId }) => eventId));
  expect(all.size).toBe(sent.length);
}, 60_000);

test.each([
  ['asks to try again', '40001', 201],
  ['names a fault of ours', 'P0001', 503],
  ['refuses the data', '23514', 422],
])(
  'a COMMIT that fails after the rows were returned is no receipt: the server %s',
  async (_how, sqlState, status) => {
    // Deferred: the server sends rows and CommandComplete first, and runs this at the commit.
    await database.pool.query(`
    CREATE SEQUENCE commits;
    CREATE FUNCTION fail_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF '${sqlState}' <> '40001' OR nextval('commits') < 3 THEN
        RAISE EXCEPTION 'not committed' USING ERRCODE = '${sqlState}';
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER fail_commit AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.actor_id = 'at_commit') EXECUTE FUNCTION fail_commit()`);
    try {
      const event = { event_type: 'PageView', occurred_at: '2026-11-24T12:00:00Z', source: '/', payload: {} };
      const { eventId, answer } = await sendEvent(hub.url, { event: { ...event, actor_id: 'at_commit' } });
      expect(answer.status).toBe(status);
      expect((await rowsOf([eventId])).size).toBe(status === 201 ? 1 : 0);
    } finally {
      await database.pool.query(
        'DROP TRIGGER fail_commit ON events; DROP FUNCTION fail_commit; DROP SEQUENCE commits',
      );
    }
  },
);
