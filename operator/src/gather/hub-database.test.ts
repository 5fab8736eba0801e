import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { HubDatabase } from './hub-database.ts';

/** A8's own tables, as its migrations make them. */
const MIGRATIONS = new URL('../../../services/auto_com_center/migrations/', import.meta.url);

let database: TestDatabase;
let hub: HubDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
  hub = new HubDatabase(database.url);
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

interface Row {
  label: string;
  simulated: boolean;
  canary: string | null;
  hoursAgo: number;
}

async function insert({ label, simulated, canary, hoursAgo }: Row): Promise<void> {
  await database.pool.query(
    `INSERT INTO events (event_id, app_label, event_type, occurred_at, received_at, actor_id, source, payload, simulated,
                         content_hash, request_id, key_id, canary_id)
     VALUES ($1, $2, 'PageView', now(), now() - make_interval(hours => $5), 'a', 's', '{}', $3, '\\x00', 'r', 'k', $4)`,
    [randomUUID(), label, simulated, canary, hoursAgo],
  );
}

test('simulated rows of the last day that no canary token vouches for are counted by app, and no others', async () => {
  expect(await hub.simulatedRows()).toEqual([]);
  const stray = { label: 'scholar_auth', simulated: true, canary: null, hoursAgo: 1 };
  await insert(stray);
  await insert({ ...stray, hoursAgo: 23 });
  await insert({ ...stray, label: 'student_pilot' });
  await insert({ ...stray, hoursAgo: 25 });
  await insert({ ...stray, canary: 'probe-1' });
  await insert({ ...stray, simulated: false });
  expect(await hub.simulatedRows()).toEqual([
    { label: 'scholar_auth', count: 2, lastAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    { label: 'student_pilot', count: 1, lastAt: expect.stringMatching(/^\d{4}-.*Z$/) },
  ]);
});

test('rows of more ids than one question holds are all found, each once, and those of no id are none', async () => {
  const { rows: made } = await database.pool.query<{ event_id: string }>(
    `INSERT INTO events (event_id, app_label, event_type, occurred_at, received_at, actor_id, source, payload, simulated,
                         content_hash, request_id, key_id)
     SELECT gen_random_uuid(), 'scholar_auth', 'NewUser', now(), now() - interval '2 days', 'a', 's', '{}', true, '\\x00', 'r', 'k'
     FROM generate_series(1, 1203) RETURNING event_id`,
  );
  const ids = made.map(({ event_id }) => event_id);
  const found = await hub.rows([...ids, randomUUID()]);
  expect(found.map(({ event_id }) => event_id).toSorted()).toEqual(ids.toSorted());
  expect(await hub.rows([])).toEqual([]);
});
