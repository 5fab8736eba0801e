import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock/index.ts';
import { OUTBOX_MIGRATIONS } from '../outbox/index.ts';
import { captureLogs, createTestDatabase } from '../testing/index.ts';
import { createForwarderErasures, forgetEvents } from './index.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let told: string[];
let away: boolean;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: [OUTBOX_MIGRATIONS] });
});
afterAll(() => database.drop());
beforeEach(async () => {
  told = [];
  away = false;
  await database.pool.query('TRUNCATE erased_actors, outbox');
});

const replica = () =>
  createForwarderErasures({
    pool: database.pool,
    clock: systemClock,
    random: Math.random,
    log: captureLogs().log,
    tell: async (actorId) => {
      if (away) throw new Error('away');
      told.push(actorId);
    },
  });

const waiting = (actorId: string) =>
  database.pool.query(
    `INSERT INTO outbox (event_id, label, event) VALUES ($1, 'student_pilot', jsonb_build_object('actor_id', $2::text))`,
    [randomUUID(), actorId],
  );

test('each forwarder is told once of everybody who was erased, and anew of who was erased anew', async () => {
  const [one, other] = [replica(), replica()];
  await forgetEvents(database.pool, ['ada', 'provider-7', 'ada']);
  await one.runOnce();
  await one.runOnce();
  expect(told.sort()).toEqual(['ada', 'provider-7']);
  await other.runOnce();
  expect(told).toHaveLength(4);
  await forgetEvents(database.pool, ['ada']);
  await one.runOnce();
  expect(told.slice(4)).toEqual(['ada']);
});

test('a forwarder is told only when no event of the actor waits in the outbox: it would come after', async () => {
  const one = replica();
  await waiting('ada');
  await waiting('eve');
  await forgetEvents(database.pool, ['ada', 'bob']);
  await one.runOnce();
  expect(told).toEqual(['bob']);
  await database.pool.query('DELETE FROM outbox');
  await one.runOnce();
  expect(told).toEqual(['bob', 'ada']);
});

test('a forwarder that is away is told when it is back, also by a process that started anew; after a week it is forgotten', async () => {
  away = true;
  await forgetEvents(database.pool, ['ada']);
  await expect(replica().runOnce()).rejects.toThrow('away');
  away = false;
  await replica().runOnce();
  expect(told).toEqual(['ada']);
  await database.pool.query(`UPDATE erased_actors SET erased_at = now() - interval '8 days'`);
  await replica().runOnce();
  expect(told).toEqual(['ada']);
  expect((await database.pool.query('SELECT FROM erased_actors')).rowCount).toBe(0);
});
