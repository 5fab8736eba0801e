import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import type { PoolClient } from 'pg';
import { anEvent, type Sent, sendEvent } from '../testing/send.ts';
import { type RunningHub, startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
/** An event with this source stays uncommitted, row and all, for as long as the test holds the gate. */
const GATED = 'gated';
const GATE = 4_711;

let database: TestDatabase;
let hubs: [RunningHub, RunningHub];
let gate: PoolClient;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
  await database.pool.query(`
    CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_advisory_xact_lock_shared(${GATE});
      RETURN NULL;
    END $$;
    CREATE TRIGGER wait_at_gate AFTER INSERT ON events
      FOR EACH ROW WHEN (NEW.source = '${GATED}') EXECUTE FUNCTION wait_at_gate()`);
  // Parameters of the address go before A8's own: a busy machine must not run into the timeout of a statement.
  const databaseUrl = `${database.url}?statement_timeout=60000&query_timeout=60000`;
  hubs = await Promise.all([startHub({ databaseUrl }), startHub({ databaseUrl })]);
  gate = await database.pool.connect();
});

afterAll(async () => {
  await Promise.all(hubs.map((hub) => hub.stop()));
  gate.release();
  await database.drop();
});

const own = anEvent({ source: GATED, actor_id: 'user_1' });
const other = anEvent({ source: GATED, actor_id: 'user_2' });

/** Sends, and tells at any time whether the answer has come. */
function sending(hub: RunningHub, eventId: string, event: Record<string, unknown>) {
  const one = { sent: undefined as Sent | undefined, done: Promise.resolve() };
  one.done = sendEvent(hub.url, { eventId, event }).then((sent) => {
    one.sent = sent;
  });
  return one;
}

/** Sessions of A8 that wait: at the gate with a row written, or for the transaction of another session. */
async function waitingFor(event: 'advisory' | 'transactionid'): Promise<number[]> {
  const { rows } = await database.pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
     AND application_name = 'a8 ingest' AND wait_event = $1`,
    [event],
  );
  return rows.map(({ pid }) => pid);
}

/** The first write is in flight on the first replica; an equal event and another one follow on the given replica. */
async function threeOfOneId(follower: RunningHub) {
  const eventId = randomUUID();
  await gate.query('SELECT pg_advisory_lock($1)', [GATE]);
  const first = sending(hubs[0], eventId, own);
  const [writer] = await waitFor(async () => {
    const pids = await waitingFor('advisory');
    return pids.length === 1 ? pids : undefined;
  });
  const duplicate = sending(follower, eventId, own);
  await waitFor(async () => (await waitingFor('transactionid')).length === 1);
  const conflict = sending(follower, eventId, other);
  // On the same replica every lane is taken now; on the other one a second lane waits as well.
  if (follower !== hubs[0]) await waitFor(async () => (await waitingFor('transactionid')).length === 2);
  // Nobody can know yet, so nobody has been told.
  await pause(50);
  expect([first, duplicate, conflict].map(({ sent }) => sent)).toEqual([undefined, undefined, undefined]);
  return {
    eventId,
    writer: writer ?? 0,
    async answers() {
      await Promise.all([first, duplicate, conflict].map(({ done }) => done));
      return [first, duplicate, conflict].map(({ sent }) => sent?.answer.status);
    },
  };
}

const rowOf = async (eventId: string) =>
  (await database.pool.query('SELECT actor_id, deliveries FROM events WHERE event_id = $1', [eventId])).rows;
const openGate = () => gate.query('SELECT pg_advisory_unlock($1)', [GATE]);

describe.each([
  ['the same replica', 0],
  ['another replica', 1],
] as const)('while the first write is in flight, on %s', (_where, follower) => {
  test('an equal event waits and is a duplicate (200), another content is a conflict (409)', async () => {
    const { eventId, answers } = await threeOfOneId(hubs[follower]);
    await openGate();
    expect(await answers()).toEqual([201, 200, 409]);
    expect(await rowOf(eventId)).toEqual([{ actor_id: 'user_1', deliveries: 2 }]);
  });

  test('when the first write fails, the answers agree with the row that there is then', async () => {
    const { eventId, writer, answers } = await threeOfOneId(hubs[follower]);
    await database.pool.query('SELECT pg_terminate_backend($1)', [writer]);
    await waitFor(async () => !(await waitingFor('advisory')).includes(writer));
    await openGate();
    const [first, duplicate, conflict] = await answers();
    expect(first).toBe(503);
    const [row, ...more] = await rowOf(eventId);
    expect(more).toEqual([]);
    // Whichever of the two the server woke first is the row.
    if (row.actor_id === 'user_1') expect([duplicate, conflict]).toEqual([201, 409]);
    else expect([duplicate, conflict]).toEqual([409, 201]);
    expect(row.deliveries).toBe(1);
    expect((await sendEvent(hubs[0].url, { eventId, event: own })).answer.status).toBe(
      row.actor_id === 'user_1' ? 200 : 409,
    );
  });
});
