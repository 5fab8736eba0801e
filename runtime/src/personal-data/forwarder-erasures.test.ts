import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock/index.ts';
import { OUTBOX_MIGRATIONS } from '../outbox/index.ts';
import { captureLogs, createTestDatabase } from '../testing/index.ts';
import { askForwarders, createForwarderErasures, forgetEvents } from './index.ts';

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
  await database.pool.query('TRUNCATE erased_actors, forwarder_places, outbox CASCADE');
});

const replica = (name = 'pod-0', keeps = true) =>
  createForwarderErasures({
    pool: database.pool,
    clock: systemClock,
    random: Math.random,
    log: captureLogs().log,
    place: { name, keeps },
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
  const [one, other] = [replica(), replica('pod-1')];
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

const state = (...actors: string[]) => askForwarders(database.pool, actors);
const unseenFor = (place: string, interval: string) =>
  database.pool.query('UPDATE forwarder_places SET seen_at = now() - $2::interval WHERE place = $1', [
    place,
    interval,
  ]);

test('an erasure is confirmed when every forwarder has confirmed every name, also those that the service had not heard of', async () => {
  const [one, other] = [replica(), replica('pod-1')];
  await Promise.all([one.runOnce(), other.runOnce()]);
  await forgetEvents(database.pool, ['ada']);
  expect(await state('ada', 'provider-7')).toEqual({ forwarders: 2, waiting: 2, away: 0, events: 0 });
  await one.runOnce();
  expect(await state('ada', 'provider-7')).toMatchObject({ waiting: 1 });
  await other.runOnce();
  expect(await state('ada', 'provider-7')).toMatchObject({ forwarders: 2, waiting: 0 });
  expect(told.sort()).toEqual(['ada', 'ada', 'provider-7', 'provider-7']);
  await forgetEvents(database.pool, ['ada']);
  expect(await state('ada')).toMatchObject({ waiting: 2 });
});

test('a service without a forwarder has nobody to wait for; events in its outbox are told', async () => {
  await waiting('ada');
  expect(await state('ada')).toEqual({ forwarders: 0, waiting: 0, away: 0, events: 1 });
});

test('a forwarder that is away holds an erasure for as long as it is, is a finding, and confirms when it is back', async () => {
  const [one, other] = [replica(), replica('pod-1')];
  await Promise.all([one.runOnce(), other.runOnce()]);
  await forgetEvents(database.pool, ['ada']);
  await one.runOnce();
  await unseenFor('pod-1', '8 days');
  await database.pool.query(`UPDATE erased_actors SET erased_at = now() - interval '8 days'`);
  await one.runOnce();
  expect(await state('ada')).toEqual({ forwarders: 2, waiting: 1, away: 1, events: 0 });
  expect(one.findings()).toEqual([
    expect.stringMatching(/beside pod-1 was last seen on .*\(names: 1\).*docs\/privacy\.md/),
  ]);
  await replica('pod-1').runOnce();
  expect(await state('ada')).toMatchObject({ waiting: 0 });
  await one.runOnce();
  expect(one.findings()).toEqual([]);
});

test.each([
  ['a month', true, '29 days', '31 days'],
  ['an hour', false, '50 minutes', '70 minutes'],
])(
  'after %s a forwarder that nobody saw is gone (its disk outlives it: %s)',
  async (_time, keeps, before, after) => {
    const look = () => replica('pod-0').runOnce();
    await replica('pod-1', keeps).runOnce();
    await forgetEvents(database.pool, ['ada']);
    await unseenFor('pod-1', before);
    await look();
    expect(await state('ada')).toMatchObject({ forwarders: 2, waiting: 1 });
    await unseenFor('pod-1', after);
    await look();
    expect(await state('ada')).toMatchObject({ forwarders: 1, waiting: 0 });
  },
);
