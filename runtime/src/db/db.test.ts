import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import {
  allServers,
  createTestDatabase,
  freePort,
  type TestDatabase,
  type TestServer,
  tempDir,
} from '../testing/index.ts';
import { createPool, inTransaction, isUnavailable, migrate, SchemaTooNew } from './index.ts';

async function folder(files: Record<string, string>): Promise<string> {
  const dir = join(await tempDir(), 'migrations');
  await mkdir(dir);
  for (const [name, sql] of Object.entries(files)) await writeFile(join(dir, name), sql);
  return dir;
}

describe.each(allServers())('migrations on $name', (server: TestServer) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase({ server });
  });

  afterEach(() => database.drop());

  test('are applied once, in order, and say what they did', async () => {
    const dir = await folder({
      '0002_b.sql': 'ALTER TABLE a ADD COLUMN b int;',
      '0001_a.sql': 'CREATE TABLE a (id int);',
    });
    expect(await migrate({ url: database.url, dir })).toEqual(['0001_a', '0002_b']);
    expect(await migrate({ url: database.url, dir })).toEqual([]);
  });

  test('replicas that start at the same moment take turns and all succeed', async () => {
    const dir = await folder({ '0001_a.sql': 'CREATE TABLE a (id int); SELECT pg_sleep(0.2);' });
    const applied = await Promise.all([1, 2, 3].map(() => migrate({ url: database.url, dir })));
    expect(applied.flat()).toEqual(['0001_a']);
  });

  test('a migration that fails leaves nothing of its run behind', async () => {
    const dir = await folder({
      '0001_a.sql': 'CREATE TABLE a (id int);',
      '0002_b.sql': 'CREATE TABLE a (id int);',
    });
    await expect(migrate({ url: database.url, dir })).rejects.toThrow('already exists');
    const { rows } = await database.pool.query("SELECT to_regclass('a') AS a");
    expect(rows).toEqual([{ a: null }]);
  });

  test('a release before runs on, except after a breaking migration', async () => {
    const old = await folder({ '0001_a.sql': 'SELECT 1;' });
    const next = await folder({ '0001_a.sql': 'SELECT 1;', '0002_wider.sql': 'SELECT 1;' });
    const breaking = await folder({ '0001_a.sql': 'SELECT 1;', '0003_breaking_rename.sql': 'SELECT 1;' });
    await migrate({ url: database.url, dir: next });
    expect(await migrate({ url: database.url, dir: old })).toEqual([]);
    await migrate({ url: database.url, dir: breaking });
    const refused = migrate({ url: database.url, dir: old });
    await expect(refused).rejects.toThrow(SchemaTooNew);
    await expect(refused).rejects.toMatchObject({
      exitCode: 57,
      message: expect.stringContaining('0003_breaking'),
    });
  });

  test('services that share a database keep to the schema of their own role', async () => {
    const dir = await folder({ '0001_a.sql': 'CREATE TABLE mine (id int);' });
    const name = new URL(database.url).pathname.slice(1);
    const roles = [`one_${name}`, `two_${name}`];
    for (const role of roles) {
      await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'p'`);
      await database.pool.query(`CREATE SCHEMA ${role} AUTHORIZATION ${role}`);
    }
    const urls = roles.map(
      (role) => Object.assign(new URL(database.url), { username: role, password: 'p' }).href,
    );
    const applied = await Promise.all(urls.map((url) => migrate({ url, dir })));
    expect(applied).toEqual([['0001_a'], ['0001_a']]);
    const { rows } = await database.pool.query(
      "SELECT schemaname FROM pg_tables WHERE tablename IN ('mine', 'migrations')",
    );
    expect(rows.map((row) => row.schemaname).sort()).toEqual([roles[0], roles[0], roles[1], roles[1]]);
    for (const role of roles) await database.pool.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  });
});

describe('a pool', () => {
  test('survives the loss of its connections, and works again at the next query', async () => {
    const database = await createTestDatabase();
    const warned: object[] = [];
    const pool = createPool({
      url: database.url,
      applicationName: 'victim',
      synchronousCommit: 'on',
      log: { warn: (fields) => void warned.push(fields) },
    });
    await pool.query('SELECT 1');
    await database.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'",
    );
    while (warned.length === 0) await new Promise((later) => setImmediate(later));
    expect(warned).toEqual([{ code: '57P01' }]);
    const { rows } = await pool.query('SHOW synchronous_commit');
    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
    await pool.end();
    await database.drop();
  });

  test('rolls back what throws, and destroys a connection that broke inside', async () => {
    const database = await createTestDatabase();
    const { pool } = database;
    await pool.query('CREATE TABLE t (id int)');
    const failing = inTransaction(pool, async (tx) => {
      await tx.query('INSERT INTO t VALUES (1)');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const broken = inTransaction(pool, (tx) => tx.query('SELECT pg_terminate_backend(pg_backend_pid())'));
    await expect(broken).rejects.toMatchObject({ code: '57P01' });
    const { rows } = await pool.query('SELECT count(*)::int AS n FROM t');
    expect(rows).toEqual([{ n: 0 }]);
    await database.drop();
  });

  test('a server that is not there is unavailable, a faulty statement is not', async () => {
    const pool = createPool({
      url: `postgres://u:p@127.0.0.1:${await freePort()}/x`,
      applicationName: 'test',
    });
    const down = await pool.query('SELECT 1').catch((error: unknown) => error);
    expect(isUnavailable(down)).toBe(true);
    await pool.end();
    const database = await createTestDatabase();
    const faulty = await database.pool.query('SELEKT').catch((error: unknown) => error);
    expect(faulty).toBeInstanceOf(pg.DatabaseError);
    expect(isUnavailable(faulty)).toBe(false);
    await database.drop();
  });

  test.each([
    ['57P03', true],
    ['53300', true],
    ['08006', true],
    ['23505', false],
    ['57014', false],
  ])('SQLSTATE %s means "not now": %s', (code, expected) => {
    expect(isUnavailable(Object.assign(new Error('x'), { code }))).toBe(expected);
  });
});
