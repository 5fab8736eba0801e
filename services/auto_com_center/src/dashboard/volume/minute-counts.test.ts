import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import type { Pool } from 'pg';
import { MinuteCounts } from './minute-counts.ts';

const MINUTE_MS = 60_000;

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase({ migrations: new URL('../../../migrations/', import.meta.url) });
});

afterEach(() => database.drop());

async function insert(rows: number, receivedAt: number, type = 'PageView'): Promise<void> {
  await database.pool.query(
    `INSERT INTO events (event_id, app_label, event_type, occurred_at, received_at, actor_id, source, payload, simulated,
                         content_hash, request_id, key_id)
     SELECT gen_random_uuid(), 'scholar_auth', $3, now(), to_timestamp($2::float8 / 1000), 'user_1', '/', '{}', false, '', 'r', 'k'
     FROM generate_series(1, $1)`,
    [rows, receivedAt, type],
  );
}

test('every row of the window is in one minute; a minute that is over is asked for once, the newest each time', async () => {
  const nowMs = 1_000 * MINUTE_MS + 30_000;
  await insert(3, nowMs - 10 * MINUTE_MS);
  await insert(2, nowMs, 'NewUser');
  await insert(9, nowMs - 61 * MINUTE_MS);
  const asked: unknown[][] = [];
  const pool = {
    query: (text: string, values: unknown[]) => {
      asked.push(values);
      return database.pool.query(text, values);
    },
  } as unknown as Pool;
  const counts = new MinuteCounts({ pool, now: () => nowMs, monotonic: () => 0, budgetMs: 1_000 });
  const first = await counts.count(60);
  expect(first).toMatchObject({ from: 941, to: 1_000, uncounted: 0 });
  expect(first.cells.map(({ minute, type, count }) => [minute, type, count])).toEqual([
    [990, 'PageView', 3],
    [1_000, 'NewUser', 2],
  ]);
  await insert(1, nowMs, 'NewUser');
  const second = await counts.count(60);
  expect(second.cells.map(({ count }) => count)).toEqual([3, 3]);
  expect(asked).toEqual([
    [941, 1_001],
    [1_000, 1_001],
  ]);
});

test('a window that takes too long is counted from its newest end, says what is left, and goes on with the next look', async () => {
  const nowMs = 10_000 * MINUTE_MS;
  await insert(5, nowMs - 1_000 * MINUTE_MS);
  let clockMs = 0;
  const monotonic = () => {
    clockMs += 600;
    return clockMs;
  };
  const counts = new MinuteCounts({ pool: database.pool, now: () => nowMs, monotonic, budgetMs: 1_000 });
  let looks = 1;
  let seen = await counts.count(24 * 60);
  expect(seen.uncounted).toBeGreaterThan(1_000);
  expect(seen.cells).toEqual([]);
  for (; seen.uncounted > 0 && looks < 30; looks += 1) seen = await counts.count(24 * 60);
  expect(looks).toBeGreaterThan(2);
  expect(seen).toMatchObject({ uncounted: 0, cells: [{ count: 5 }] });
});

test('two who ask at once count once', async () => {
  const counts = new MinuteCounts({
    ...{ pool: database.pool, now: () => 5_000 * MINUTE_MS, monotonic: () => 0, budgetMs: 1_000 },
  });
  expect(await Promise.all([counts.count(60), counts.count(60)])).toEqual([
    { from: 4_941, to: 5_000, cells: [], uncounted: 0 },
    { from: 4_941, to: 5_000, cells: [], uncounted: 0 },
  ]);
});
