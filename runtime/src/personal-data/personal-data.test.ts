import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { defineService } from '../service/index.ts';
import { createServiceHarness, freePort, type ServiceHarness, waitFor } from '../testing/index.ts';
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

describe('a service with a forwarder', () => {
  const at = (port: number) => ({
    PORT: String(port),
    REPLICA: 'pod-0',
    FORWARDER_URL: 'http://127.0.0.1:9',
  });

  test('answers nobody before it is known to have one', async () => {
    const port = await freePort();
    let other: pg.Client | undefined;
    const starting = createServiceHarness(service, {
      ...{ sends: true, env: at(port) },
      databaseBy: async (url) => {
        other = new pg.Client({ connectionString: url });
        await other.connect();
        await other.query('BEGIN; LOCK TABLE forwarder_places IN EXCLUSIVE MODE');
        return url;
      },
    });
    const status = () =>
      fetch(`http://127.0.0.1:${port}${FORWARDERS_PATH}`, { method: 'POST' }).then(
        (response) => response.status,
        () => undefined,
      );
    try {
      await waitFor(async () => (await status()) !== undefined && (await isWaitedFor(other)), {
        what: 'the place of the service',
      });
      expect(await status()).toBe(503);
    } finally {
      await other?.query('COMMIT');
      await other?.end();
    }
    const forwarded = await starting;
    const { rows } = await forwarded.pool.query('SELECT place FROM forwarder_places');
    const answered = await status();
    await forwarded.stop();
    expect([rows, answered]).toEqual([[{ place: 'pod-0' }], 401]);
  });

  test('never says that none of none waits', async () => {
    const forwarded = await createServiceHarness(service, { sends: true, env: at(0) });
    const asked = async () => {
      const authorization = `Bearer ${await forwarded.identity.serviceToken('scholar_auth')}`;
      const { status } = await forwarded.fetch(FORWARDERS_PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ actors: ['ada'] }),
      });
      return status;
    };
    const known = await asked();
    await forwarded.pool.query('DELETE FROM forwarder_places');
    const unknown = await asked();
    await forwarded.stop();
    expect([known, unknown]).toEqual([200, 503]);
  });

  async function isWaitedFor(holder: pg.Client | undefined): Promise<boolean> {
    const waiting = await holder?.query(
      `SELECT FROM pg_locks WHERE relation = 'forwarder_places'::regclass AND NOT granted`,
    );
    return (waiting?.rowCount ?? 0) > 0;
  }
});

test('what is no id of a user is refused', async () => {
  expect((await ask(ERASE_PATH, { user_id: 'system' })).status).toBe(422);
  expect((await ask(ERASE_PATH, {})).status).toBe(422);
});
