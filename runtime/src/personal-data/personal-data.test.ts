import { randomUUID } from 'node:crypto';
import { defineService } from '../service/index.ts';
import { createServiceHarness, type ServiceHarness } from '../testing/index.ts';
import { ERASE_PATH, FIND_PATH, FORWARDERS_PATH } from './index.ts';

const MIGRATIONS = new URL('../../../services/student_pilot/migrations/', import.meta.url);

const service = defineService({
  label: 'student_pilot',
  migrations: MIGRATIONS,
  build: () => ({
    app() {},
    personalData: {
      find: async (db, { userId, email }) => ({
        profiles: (await db.query('SELECT field FROM student_profiles WHERE user_id = $1', [userId])).rows,
        told: [{ email }],
      }),
      actors: async () => ['another-id'],
      async erase(tx, { userId }) {
        const { rowCount } = await tx.query('DELETE FROM student_profiles WHERE user_id = $1', [userId]);
        if (userId === BROKEN) throw new Error('the disk is full');
        return { profiles: rowCount ?? 0 };
      },
    },
  }),
});

const BROKEN = randomUUID();
let harness: ServiceHarness;
beforeAll(async () => {
  harness = await createServiceHarness(service);
});
afterAll(() => harness.stop());

async function ask(path: string, body: object, token?: string): Promise<{ status: number; body: unknown }> {
  const authorization = `Bearer ${token ?? (await harness.identity.serviceToken('scholar_auth'))}`;
  const response = await harness.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function profile(userId: string): Promise<void> {
  await harness.pool.query('INSERT INTO student_profiles (user_id, field) VALUES ($1, $2)', [userId, 'law']);
}

test('scholar_auth finds what is kept of a person, and the other names of them in A8', async () => {
  const userId = randomUUID();
  await profile(userId);
  expect(await ask(FIND_PATH, { user_id: userId, email: 'ada@example.org' })).toEqual({
    status: 200,
    body: {
      found: { profiles: [{ field: 'law' }], told: [{ email: 'ada@example.org' }] },
      actors: ['another-id'],
    },
  });
});

test('an erasure takes the rows and the parked events of this person alone, and bears repetition', async () => {
  const [userId, other] = [randomUUID(), randomUUID()];
  for (const id of [userId, other]) {
    await profile(id);
    await harness.pool.query(
      `INSERT INTO outbox (event_id, label, event, parked_at)
       VALUES (gen_random_uuid(), 'student_pilot', jsonb_build_object('actor_id', $1::text), now())`,
      [id],
    );
  }
  expect((await ask(ERASE_PATH, { user_id: userId })).body).toEqual({ erased: { profiles: 1, outbox: 1 } });
  expect((await ask(ERASE_PATH, { user_id: userId })).body).toEqual({ erased: { profiles: 0, outbox: 0 } });
  expect((await ask(ERASE_PATH, { user_id: other })).body).toEqual({ erased: { profiles: 1, outbox: 1 } });
});

test('an erasure that fails half way has erased nothing', async () => {
  await profile(BROKEN);
  expect((await ask(ERASE_PATH, { user_id: BROKEN })).status).toBe(500);
  const { rowCount } = await harness.pool.query('SELECT FROM student_profiles WHERE user_id = $1', [BROKEN]);
  expect(rowCount).toBe(1);
});

test('nobody but scholar_auth may ask: no other service, no user, no canary, not nobody', async () => {
  const person = { user_id: randomUUID() };
  for (const path of [FIND_PATH, ERASE_PATH, FORWARDERS_PATH]) {
    const body = path === FORWARDERS_PATH ? { actors: ['ada'] } : person;
    expect((await ask(path, body, await harness.identity.serviceToken('student_pilot'))).status).toBe(403);
    expect((await ask(path, body, await harness.identity.userToken({ roles: ['staff'] }))).status).toBe(403);
    const canary = { 'content-type': 'application/json', 'x-scholar-canary': harness.canaryToken() };
    const lone = await harness.fetch(path, { method: 'POST', headers: canary, body: JSON.stringify(body) });
    expect(lone.status).toBe(401);
  }
});

test('scholar_auth learns how far the forwarders are, by the names that it gives', async () => {
  await harness.pool.query(`INSERT INTO forwarder_places (place, keeps) VALUES ('pod-0', true)`);
  expect(await ask(FORWARDERS_PATH, { actors: ['ada', 'provider-7'] })).toEqual({
    status: 200,
    body: { forwarders: 1, waiting: 1, away: 0, quarantined: 0, events: 0 },
  });
  expect((await ask(FORWARDERS_PATH, { actors: [] })).status).toBe(422);
});

test('a service with a forwarder is known to have one before its first answer, and never says that none of none waits', async () => {
  const forwarded = await createServiceHarness(service, {
    sends: true,
    env: { REPLICA: 'pod-0', FORWARDER_URL: 'http://127.0.0.1:9' },
  });
  const places = async () => (await forwarded.pool.query('SELECT place FROM forwarder_places')).rows;
  const asked = async () => {
    const authorization = `Bearer ${await forwarded.identity.serviceToken('scholar_auth')}`;
    const { status } = await forwarded.fetch(FORWARDERS_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ actors: ['ada'] }),
    });
    return status;
  };
  expect([await places(), await asked()]).toEqual([[{ place: 'pod-0' }], 200]);
  await forwarded.pool.query('DELETE FROM forwarder_places');
  expect(await asked()).toBe(503);
  await forwarded.stop();
});

test('what is no id of a user is refused', async () => {
  expect((await ask(ERASE_PATH, { user_id: 'system' })).status).toBe(422);
  expect((await ask(ERASE_PATH, {})).status).toBe(422);
});
