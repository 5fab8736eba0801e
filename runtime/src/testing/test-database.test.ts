import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPool } from '../db/index.ts';
import { allServers, createTestDatabase, tempDir } from './index.ts';

async function migrations(): Promise<string> {
  const dir = join(await tempDir(), 'migrations');
  await mkdir(dir);
  await writeFile(join(dir, '0001_first.sql'), 'CREATE TABLE things (id int PRIMARY KEY);');
  return dir;
}

describe.each(allServers())('a test database on $name', (server) => {
  test('has the migrations applied and is empty of what other tests wrote', async () => {
    const dir = await migrations();
    const [one, two] = await Promise.all([
      createTestDatabase({ migrations: dir, server }),
      createTestDatabase({ migrations: dir, server }),
    ]);
    await one.pool.query('INSERT INTO things VALUES (1)');
    const seen = await two.pool.query('SELECT count(*)::int AS n FROM things');
    expect(seen.rows).toEqual([{ n: 0 }]);
    await one.drop();
    await two.drop();
  });
});

test('a test that leaves a pool open is told so, and by which name', async () => {
  const database = await createTestDatabase();
  const leaked = createPool({ url: database.url, applicationName: 'forgotten' });
  await leaked.query('SELECT 1');
  await expect(database.drop()).rejects.toThrow('1 database connections were left open by: forgotten');
  await leaked.end();
});
