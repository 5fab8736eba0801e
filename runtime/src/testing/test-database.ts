import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createPool, migrate } from '../db/index.ts';
import { serverUrl, type TestServer } from './test-server.ts';
import { waitFor } from './wait-for.ts';

/** A folder of migrations, and the table that remembers them where it is not the usual one. */
export type MigrationFolder = string | URL | { dir: string | URL; table: string };

export type TestDatabase = {
  /** Superuser's URL of this database. */
  url: string;
  pool: pg.Pool;
  /** Closes `pool` and removes the database. Throws when others still hold connections: they leaked. */
  drop(): Promise<void>;
};

/**
 * A fresh database on the run's PostgreSQL, migrated by `migrations` in order. Made by copying a template, which the
 * first caller of a set of migrations makes; a copy takes some 50 ms.
 */
export async function createTestDatabase(
  options: { migrations?: MigrationFolder | readonly MigrationFolder[]; server?: TestServer } = {},
): Promise<TestDatabase> {
  const admin = await serverUrl(options.server);
  const folders = [options.migrations ?? []].flat() as MigrationFolder[];
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = folders.length === 0 ? 'template1' : await ensureTemplate(admin, folders);
  await asAdmin(admin, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = databaseUrl(admin, name);
  const pool = createPool({ url, max: 5, applicationName: 'test pool', connectionTimeoutMs: 30_000 });
  return { url, pool, drop: () => drop({ admin, name, pool }) };
}

async function ensureTemplate(admin: string, folders: readonly MigrationFolder[]): Promise<string> {
  const name = `template_${(await digest(folders)).slice(0, 24)}`;
  await asAdmin(admin, async (client) => {
    // One lock for all templates: they are made once per run, and CREATE DATABASE takes turns anyway.
    await client.query('SELECT pg_advisory_lock(1, 1)');
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    await client.query(`DROP DATABASE IF EXISTS ${name}_new WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name}_new`);
    for (const folder of folders) {
      const { dir, table } = described(folder);
      await migrate({ url: databaseUrl(admin, `${name}_new`), dir, ...(table ? { table } : {}) });
    }
    // A database that somebody is connected to can neither be renamed nor copied; a closed session lingers a moment.
    await waitFor(() => client.query(`ALTER DATABASE ${name}_new RENAME TO ${name}`));
  });
  return name;
}

function described(folder: MigrationFolder): { dir: string; table?: string } {
  if (typeof folder === 'string') return { dir: folder };
  if (folder instanceof URL) return { dir: fileURLToPath(folder) };
  return { ...described(folder.dir), table: folder.table };
}

async function digest(folders: readonly MigrationFolder[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const { dir, table = '' } = described(folder);
    hash.update(`${dir}\n${table}\n`);
    for (const file of (await readdir(dir)).sort()) hash.update(file).update(await readFile(join(dir, file)));
  }
  return hash.digest('hex');
}

async function drop(input: { admin: string; name: string; pool: pg.Pool }): Promise<void> {
  await input.pool.end();
  await asAdmin(input.admin, async (client) => {
    const open = async () => {
      const { rows } = await client.query<{ application_name: string }>(
        // Not autovacuum, which is PostgreSQL's own.
        "SELECT application_name FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'",
        [input.name],
      );
      return rows.map((row) => row.application_name);
    };
    const closed = await waitFor(async () => (await open()).length === 0, { timeoutMs: 2_000 }).catch(
      () => false,
    );
    const leaked = closed ? [] : await open();
    await client.query(`DROP DATABASE IF EXISTS ${input.name} WITH (FORCE)`);
    if (leaked.length > 0) {
      throw new Error(
        `${leaked.length} database connections were left open by: ${leaked.join(', ') || 'unnamed'}`,
      );
    }
  });
}

async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'test admin' });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(admin: string, name: string): string {
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
}
