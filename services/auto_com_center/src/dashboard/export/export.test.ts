import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { everythingListed } from '../../testing/everything-listed.ts';
import { anEvent, read, sendEvent } from '../../testing/send.ts';
import { type RunningHub, startHub } from '../../testing/start-hub.ts';

let database: TestDatabase;
let hub: RunningHub;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: new URL('../../../migrations/', import.meta.url) });
  hub = await startHub({ databaseUrl: database.url });
  // More than two pages, and everything that an export may leave out.
  await database.pool.query(
    `INSERT INTO events (event_id, app_label, event_type, occurred_at, received_at, actor_id, source, payload, simulated,
                         content_hash, request_id, key_id)
     SELECT gen_random_uuid(), 'student_pilot', 'PageView', now(), now() - n * interval '1 second', 'user_1', '=1+1', '{}',
            n % 10 = 0, '', 'r', 'k' FROM generate_series(1, 1300) AS n`,
  );
  await sendEvent(hub.url, { label: 'scholar_auth' });
  await sendEvent(hub.url, { label: 'student_pilot', event: anEvent({ payload: { amount_cents: 'ten' } }) });
  await everythingListed(database.pool);
});

afterAll(async () => {
  await hub.stop();
  await database.drop();
});

async function text(path: string): Promise<string> {
  const answer = await read(hub.url, path);
  expect(answer.status).toBe(200);
  return String(answer.body['text']);
}

test('a CSV has every row of the filter once, over all pages, and nothing that a spreadsheet computes', async () => {
  const lines = (await text('/events/export?format=csv&app=student_pilot&within=24h')).split('\r\n');
  expect(lines.at(-1)).toBe('');
  const rows = lines.slice(1, -1);
  expect(rows).toHaveLength(1170);
  expect(new Set(rows.map((row) => row.split(',')[3])).size).toBe(1170);
  expect(rows.every((row) => row.includes(`"'=1+1"`))).toBe(true);
});

test('JSON has the same rows, newest first, as the API shows them', async () => {
  const answer = await read(
    hub.url,
    '/events/export?format=json&app=student_pilot&simulated=include&within=24h',
  );
  expect(answer.headers['content-disposition']).toBe('attachment; filename="events.json"');
  const rows = answer.body as unknown as { event_id: string; cursor: string }[];
  expect(rows).toHaveLength(1300);
  const one = await read(hub.url, `/events/${rows[0]?.event_id}`);
  expect(rows[0]).toEqual(one.body);
});

test('refusals can be taken home with code and pointer, nothing is an empty list, and no key is no file', async () => {
  const refused = await text('/rejected/export?format=csv');
  expect(refused).toContain('student_pilot,contract_violation,/payload/amount_cents');
  expect((await read(hub.url, '/events/export?format=json&app=provider_register')).body).toEqual([]);
  expect((await read(hub.url, '/events/export?format=xml')).status).toBe(422);
  const stranger = await fetch(`${hub.url}/events/export`);
  expect(stranger.status).toBe(401);
  await stranger.body?.cancel();
});
