import { systemClock } from '@scholar/runtime/clock';
import { silentLogger } from '@scholar/runtime/log';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { SchemaKeeper } from './schema-keeper.ts';

let database: TestDatabase;
let keeper: SchemaKeeper;

beforeEach(async () => {
  database = await createTestDatabase();
  keeper = new SchemaKeeper({
    ...{ url: database.url, pool: database.pool, clock: systemClock, log: silentLogger() },
    dir: new URL('../../migrations/', import.meta.url),
    random: () => 0,
    intervalMs: 50,
    onTooNew: () => {},
  });
  await keeper.start();
});

afterEach(async () => {
  await keeper.stop();
  await database.drop();
});

test('a database that comes back empty is migrated again', async () => {
  expect(keeper.inPlace).toBe(true);
  await database.pool.query('DROP SCHEMA public CASCADE');
  await waitFor(() => !keeper.inPlace);
  expect(() => keeper.check()).toThrow('has no schema to create tables in');
  await database.pool.query('CREATE SCHEMA public');
  await waitFor(() => keeper.inPlace);
  await database.pool.query('SELECT 1 FROM events');
});

test('tables that are gone though their migrations were applied are told, not papered over', async () => {
  await database.pool.query('DROP TABLE events');
  await waitFor(() => !keeper.inPlace);
  expect(() => keeper.check()).toThrow('their tables are gone');
});
