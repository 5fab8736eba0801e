import { randomUUID } from 'node:crypto';
import { conformanceCases, expectAnswer } from '@scholar/contract/golden';
import { allServers, createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { anEntry, outcomesOf } from '../testing/an-entry.ts';
import { anEvent, exchange, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';
import { createBatchWriter } from './batch-writer.ts';
import { createWriteRows } from './events-table.ts';

describe.each(allServers())('two replicas over one database on $name', (server) => {
  let database: TestDatabase;
  let hubs: [RunningHub, RunningHub];

  beforeAll(async () => {
    // Not migrated: both replicas find it empty and migrate it at the same time.
    database = await createTestDatabase({ server });
    hubs = await Promise.all([
      startHub({ databaseUrl: database.url }),
      startHub({ databaseUrl: database.url }),
    ]);
  });

  afterAll(async () => {
    await Promise.all(hubs.map((hub) => hub.stop()));
    await database.drop();
  });

  test.each(conformanceCases('hub', { key: KEYS.emit }).map((one, index) => [one.name, index, one] as const))(
    'golden vector %s, sent to the two in turns',
    async (_name, index, one) => {
      const { method, path, headers, body } = one.request;
      const hub = hubs[index % 2] as RunningHub;
      expectAnswer(one, await exchange(`${hub.url}${path}`, { method, headers, body }));
    },
  );

  test('writers of the same ids in opposite order, again and again: the server never has to break a deadlock', async () => {
    let rollbacks = 0;
    const write = createBatchWriter({
      writeRows: createWriteRows(database.pool),
      pause: async () => {
        rollbacks += 1;
      },
      monotonic: () => 0,
      onAway: (reason) => {
        throw new Error(reason);
      },
    });
    for (let round = 0; round < 10; round += 1) {
      const ids = Array.from({ length: 200 }, () => randomUUID());
      const equal = ids.map((eventId) => anEntry({ eventId }));
      const other = ids.slice(50, 150).map((eventId) => anEntry({ eventId }, { actor_id: 'user_2' }));
      const told = await Promise.all([
        outcomesOf(write, equal),
        outcomesOf(write, equal.toReversed()),
        outcomesOf(write, other.toReversed()),
      ]);
      const { rows } = await database.pool.query<{ actor_id: string; deliveries: number }>(
        'SELECT actor_id, deliveries FROM events WHERE event_id = ANY ($1)',
        [ids],
      );
      expect(rows).toHaveLength(200);
      const kinds = told.flat().map((outcome) => outcome?.kind);
      const stored = rows.reduce((sum, { deliveries }) => sum + deliveries, 0);
      expect(kinds.filter((kind) => kind === 'stored')).toHaveLength(stored);
      expect(kinds.filter((kind) => kind === 'conflict')).toHaveLength(500 - stored);
    }
    expect(rollbacks).toBe(0);
  });

  test('batches with the same ids in opposite order neither deadlock nor disagree', async () => {
    const ids = Array.from({ length: 300 }, () => randomUUID());
    const [one, two] = await Promise.all([
      Promise.all(ids.map((eventId) => sendEvent(hubs[0].url, { eventId }))),
      Promise.all(ids.toReversed().map((eventId) => sendEvent(hubs[1].url, { eventId }))),
    ]);
    const statuses = new Map<string, number[]>();
    for (const { eventId, answer } of [...one, ...two]) {
      statuses.set(eventId, [...(statuses.get(eventId) ?? []), answer.status].sort());
    }
    for (const id of ids) expect(statuses.get(id)).toEqual([200, 201]);
    const { rows } = await database.pool.query('SELECT deliveries FROM events WHERE event_id = ANY ($1)', [
      ids,
    ]);
    expect(rows).toEqual(ids.map(() => ({ deliveries: 2 })));
  });

  test('a conflict is told from a duplicate across replicas', async () => {
    const ids = Array.from({ length: 40 }, () => randomUUID());
    const other = anEvent({ actor_id: 'user_2' });
    const [one, two] = await Promise.all([
      Promise.all(ids.map((eventId) => sendEvent(hubs[0].url, { eventId }))),
      Promise.all(ids.map((eventId) => sendEvent(hubs[1].url, { eventId, event: other }))),
    ]);
    for (const [index] of ids.entries()) {
      const pair = [one[index]?.answer.status, two[index]?.answer.status].sort();
      expect(pair).toEqual([201, 409]);
    }
  });
});

test('a role that owns a schema of its own gets its tables there, and public stays empty', async () => {
  const database = await createTestDatabase();
  const role = `hub_${randomUUID().slice(0, 8)}`;
  await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'test'`);
  await database.pool.query(`CREATE SCHEMA ${role} AUTHORIZATION ${role}`);
  const url = new URL(database.url);
  url.username = role;
  url.password = 'test';
  const hub = await startHub({ databaseUrl: url.href });
  expect((await sendEvent(hub.url)).answer.status).toBe(201);
  const { rows } = await database.pool.query(
    `SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_schema IN ('public', $1)`,
    [role],
  );
  expect(rows).toEqual([{ table_schema: role }]);
  await hub.stop();
  await database.pool.query(`DROP OWNED BY ${role}`);
  await database.pool.query(`DROP ROLE ${role}`);
  await database.drop();
});
