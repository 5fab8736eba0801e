import { randomUUID } from 'node:crypto';
import got from 'got';
import { FakeClock, systemClock } from '../clock/index.ts';
import { OUTBOX_MIGRATIONS } from '../outbox/index.ts';
import { captureLogs, createHttpStub, createTestDatabase } from '../testing/index.ts';
import { askForwarders, createForwarderErasures, forgetEvents, tellForwarder } from './index.ts';

type ErasureDeps = Parameters<typeof createForwarderErasures>[0];

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let told: string[];
let away: boolean;
/** Damaged files in which the forwarder finds the actor. */
let damaged: Record<string, number>;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: [OUTBOX_MIGRATIONS] });
});
afterAll(() => database.drop());
beforeEach(async () => {
  told = [];
  away = false;
  damaged = {};
  await database.pool.query('TRUNCATE erased_actors, forwarder_places, outbox CASCADE');
});

const replica = (name = 'pod-0', keeps = true, more: Partial<ErasureDeps> = {}) =>
  createForwarderErasures({
    pool: database.pool,
    clock: systemClock,
    random: Math.random,
    log: captureLogs().log,
    place: { name, keeps },
    tell: async (actorId) => {
      if (away) throw new Error('away');
      told.push(actorId);
      return damaged[actorId] ?? 0;
    },
    ...more,
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
  database.pool.query(
    'UPDATE forwarder_places SET seen_at = now() - $2::interval, since = now() - $2::interval WHERE place = $1',
    [place, interval],
  );
const erasedFor = (interval: string) =>
  database.pool.query('UPDATE erased_actors SET erased_at = now() - $1::interval', [interval]);

test('an erasure is confirmed when every forwarder has confirmed every name, also those that the service had not heard of', async () => {
  const [one, other] = [replica(), replica('pod-1')];
  await Promise.all([one.runOnce(), other.runOnce()]);
  await forgetEvents(database.pool, ['ada']);
  expect(await state('ada', 'provider-7')).toEqual({
    ...{ forwarders: 2, waiting: 2, away: 0, quarantined: 0, events: 0 },
  });
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
  expect(await state('ada')).toEqual({
    ...{ forwarders: 0, waiting: 0, away: 0, quarantined: 0, events: 1 },
  });
});

test('a forwarder that is away holds an erasure for as long as it is, is a finding, and confirms when it is back', async () => {
  const [one, other] = [replica(), replica('pod-1')];
  await Promise.all([one.runOnce(), other.runOnce()]);
  await forgetEvents(database.pool, ['ada']);
  await one.runOnce();
  await unseenFor('pod-1', '8 days');
  await database.pool.query(`UPDATE erased_actors SET erased_at = now() - interval '8 days'`);
  await one.runOnce();
  expect(await state('ada')).toMatchObject({ forwarders: 2, waiting: 1, away: 1, events: 0 });
  expect(one.findings()).toEqual([
    expect.stringMatching(/beside pod-1 has not confirmed .*\(names: 1\).*last seen on .*docs\/privacy\.md/),
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

test('a forwarder that is broken beside a living process is a finding and away after an hour, no sooner, and for as long as it is', async () => {
  const one = replica();
  await one.introduce();
  await forgetEvents(database.pool, ['ada']);
  away = true;
  await expect(one.runOnce()).rejects.toThrow('away');
  expect([(await state('ada')).away, one.findings()]).toEqual([0, []]);
  await erasedFor('70 minutes');
  await expect(one.runOnce()).rejects.toThrow('away');
  // It came a moment ago, as a replica does that starts long after an erasure.
  expect([(await state('ada')).away, one.findings()]).toEqual([0, []]);
  await database.pool.query(`UPDATE forwarder_places SET since = now() - interval '70 minutes'`);
  await expect(one.runOnce()).rejects.toThrow('away');
  expect([(await state('ada')).away, one.findings()]).toEqual([
    1,
    [expect.stringMatching(/beside pod-0 has not confirmed/)],
  ]);
  await erasedFor('40 days');
  await expect(one.runOnce()).rejects.toThrow('away');
  expect(await state('ada')).toMatchObject({ forwarders: 1, waiting: 1, away: 1 });
  away = false;
  await one.runOnce();
  expect([(await state('ada')).waiting, one.findings()]).toEqual([0, []]);
});

test('damaged files that name the actor are no confirmation: a finding, until somebody has removed them', async () => {
  const clock = new FakeClock(0);
  const one = replica('pod-0', true, { clock });
  await forgetEvents(database.pool, ['ada', 'bob']);
  damaged = { ada: 2 };
  await one.runOnce();
  expect(await state('ada')).toMatchObject({ forwarders: 1, waiting: 1, away: 0, quarantined: 1 });
  expect(await state('bob')).toMatchObject({ waiting: 0, quarantined: 0 });
  expect(one.findings()).toEqual([
    expect.stringMatching(
      /beside pod-0 cannot confirm .*\(names: 1\).*quarantine.*\(files: 2\): remove them/,
    ),
  ]);
  damaged = {};
  await one.runOnce();
  // Each look reads all that the forwarder keeps.
  expect(told.filter((each) => each === 'ada')).toHaveLength(1);
  await clock.advance(600_000);
  await one.runOnce();
  expect(await state('ada')).toMatchObject({ waiting: 0, quarantined: 0 });
  expect(one.findings()).toEqual([]);
});

test('a confirmation is taken back when damaged files that name the actor are found later', async () => {
  await forgetEvents(database.pool, ['ada']);
  await replica().runOnce();
  expect(await state('ada')).toMatchObject({ waiting: 0 });
  damaged = { ada: 1 };
  await replica().runOnce();
  expect(await state('ada')).toMatchObject({ waiting: 1, quarantined: 1 });
});

test.each<[string, number, object, number | string]>([
  ['that it left two damaged files', 200, { quarantine_files: 2 }, 2],
  ['that nothing is left', 200, { quarantine_files: 0 }, 0],
  ['200 and nothing that we know', 200, {}, 'did not say'],
  ['that its disk failed', 503, { code: 'unavailable' }, 'answered 503'],
])('a forwarder says %s: that is what counts', async (_what, status, body, expected) => {
  const forwarder = await createHttpStub(() => ({ status, body }));
  const tell = tellForwarder(got.extend({ responseType: 'json', retry: { limit: 0 } }), `${forwarder.url}/`);
  const said = await tell('ada').catch((error: Error) => error.message);
  await forwarder.close();
  expect(said).toEqual(typeof expected === 'number' ? expected : expect.stringContaining(expected));
});

test('what was on its way at an erasure and is refused afterwards never leaves: asked about, and before a forwarder is told', async () => {
  const park = () => database.pool.query('UPDATE outbox SET parked_at = now()');
  const kept = async () => (await database.pool.query('SELECT FROM outbox')).rowCount;
  const one = replica();
  await waiting('ada');
  await forgetEvents(database.pool, ['ada']);
  await park();
  expect([await state('ada'), await kept()]).toEqual([expect.objectContaining({ events: 0 }), 0]);
  await waiting('bob');
  await forgetEvents(database.pool, ['bob']);
  await park();
  await one.runOnce();
  expect([told.includes('bob'), await kept()]).toEqual([true, 0]);
  // Whoever is here again is somebody new.
  await waiting('bob');
  await park();
  await one.runOnce();
  expect(await kept()).toBe(1);
});

test('one actor whom a forwarder cannot erase holds up nobody else, and who waits comes before who is only told anew', async () => {
  await forgetEvents(database.pool, ['old']);
  await replica().runOnce();
  await forgetEvents(database.pool, ['bad', 'new']);
  const tried: string[] = [];
  const one = replica('pod-0', true, {
    tell: async (actorId) => {
      tried.push(actorId);
      if (actorId === 'bad') throw new Error('not this one');
      return 0;
    },
  });
  await expect(one.runOnce()).rejects.toThrow('not this one');
  expect([tried.slice(0, 2).sort(), tried.slice(2)]).toEqual([['bad', 'new'], ['old']]);
  expect((await state('new')).waiting).toBe(0);
  expect((await state('bad')).waiting).toBe(1);
});

test('a process that tells for long gives a sign meanwhile, so that no other forgets its place before it has confirmed', async () => {
  const clock = new FakeClock(0);
  await forgetEvents(database.pool, ['ada', 'bob']);
  const signs: boolean[] = [];
  const one = replica('pod-0', false, {
    clock,
    tell: async () => {
      const { rows } = await database.pool.query<{ fresh: boolean }>(
        `SELECT seen_at > now() - interval '30 minutes' AS fresh FROM forwarder_places`,
      );
      signs.push(rows[0]?.fresh ?? false);
      await clock.advance(600_000);
      await unseenFor('pod-0', '50 minutes');
      return 0;
    },
  });
  await one.runOnce();
  expect(signs).toEqual([true, true]);
});

test('forwarders of a service that has none any more, with nobody who would forget them, are waited for no longer', async () => {
  await Promise.all([replica().introduce(), replica('pod-1', false).introduce()]);
  await forgetEvents(database.pool, ['ada']);
  await Promise.all([unseenFor('pod-0', '29 days'), unseenFor('pod-1', '50 minutes')]);
  expect(await state('ada')).toMatchObject({ forwarders: 2, waiting: 2 });
  await Promise.all([unseenFor('pod-0', '31 days'), unseenFor('pod-1', '70 minutes')]);
  expect(await state('ada')).toMatchObject({ forwarders: 0, waiting: 0, away: 0 });
});
