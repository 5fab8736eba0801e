import { FakeClock } from '../clock/index.ts';
import { silentLogger } from '../log/index.ts';
import { createTestDatabase, type TestDatabase, waitFor } from '../testing/index.ts';
import { createRetention, DAY_MS, HOUR_MS } from './index.ts';

let database: TestDatabase;
let clock: FakeClock;

beforeEach(async () => {
  database = await createTestDatabase();
  clock = new FakeClock();
  await database.pool.query(
    'CREATE TABLE "Runs" (id text, simulated boolean NOT NULL, created_at timestamptz NOT NULL)',
  );
  const add = (id: string, simulated: boolean, ageMs: number) =>
    database.pool.query('INSERT INTO "Runs" VALUES ($1, $2, $3)', [
      id,
      simulated,
      new Date(clock.now() - ageMs),
    ]);
  await add('canary of today', true, DAY_MS - HOUR_MS / 2);
  await add('canary of yesterday', true, DAY_MS + 1);
  await add('recent', false, 9 * DAY_MS);
  await add('old', false, 10 * DAY_MS + 1);
});
afterEach(() => database.drop());

const ids = async () =>
  (await database.pool.query('SELECT id FROM "Runs" ORDER BY id')).rows.map(({ id }) => id);

function retention(retentionMs?: number) {
  const made = createRetention({
    pool: database.pool,
    table: 'Runs',
    ...(retentionMs === undefined ? {} : { retentionMs }),
    clock,
    random: () => 0.5,
    log: silentLogger(),
  });
  made.start();
  return made;
}

test('rows of canaries go after a day, all rows after the retention, and it looks every hour', async () => {
  const task = retention(10 * DAY_MS);
  await waitFor(async () => clock.sleeping > 0);
  expect(await ids()).toEqual(['canary of today', 'recent']);
  await clock.advance(HOUR_MS);
  await waitFor(async () => (await ids()).length === 1);
  expect(await ids()).toEqual(['recent']);
  await task.stop();
});

test('without a retention only rows of canaries go', async () => {
  const task = retention();
  await waitFor(async () => clock.sleeping > 0);
  expect(await ids()).toEqual(['canary of today', 'old', 'recent']);
  await task.stop();
});
