import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { notConfigured } from './unconfigured-pool.ts';

/** Where node:process conventions end and ours begins: "the schema is too new for me" (graphile-worker uses it too). */
export const SCHEMA_TOO_NEW_EXIT_CODE = 57;

/** The schema holds a breaking migration that this release does not know, so it must not touch the data. */
export class SchemaTooNew extends Error {
  override name = 'SchemaTooNew';
  readonly exitCode = SCHEMA_TOO_NEW_EXIT_CODE;
}

export type MigrateOptions = {
  /** undefined = not configured: every attempt says so. */
  url: string | undefined;
  /** Folder of `NNNN_name.sql`. A name that contains `breaking` shuts older releases out (decision 12). */
  dir: string | URL;
  /** Table of what was applied, in the schema that the role creates in. One per folder. Default `migrations`. */
  table?: string;
  log?: { info(fields: object, message: string): void };
};

const LOCK_TIMEOUT_MS = 60_000;
const LONGEST_MIGRATION_MS = 1_800_000;
/** The server ends a session whose client is gone without a goodbye within half a minute, and its lock with it. */
const KEEPALIVES = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4';

// "sch" "ol": only has to differ from the locks that others take in the same database.
const LOCK_CLASS = 0x7363686f;

/**
 * Applies what is missing, in one transaction, and returns the names applied. Several replicas may start at once: they
 * take turns under a blocking advisory lock, one per schema, so services that share a database do not wait for
 * each other. Migrations that a newer release applied are left alone unless they are breaking.
 * @throws SchemaTooNew; whatever the database says about a faulty migration (nothing is applied then).
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const dir = options.dir instanceof URL ? fileURLToPath(options.dir) : options.dir;
  if (options.url === undefined) throw notConfigured();
  const table = options.table ?? 'migrations';
  // A connection of its own: it must not inherit the pool's statement timeout, and it holds the session's lock.
  const client = new pg.Client({
    connectionString: options.url,
    application_name: 'migrate',
    connectionTimeoutMillis: 5_000,
    lock_timeout: LOCK_TIMEOUT_MS,
    // A peer that goes mute must not hold a start, and with it the lock of all replicas, for ever.
    query_timeout: LONGEST_MIGRATION_MS,
    keepAlive: true,
    options: KEEPALIVES,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    const schema = await creationSchema(client);
    await soon(client, 'SELECT pg_advisory_lock($1, hashtext($2))', [LOCK_CLASS, schema]);
    await refuseNewerBreaking({ client, dir, schema, table });
    const applied = await runner({
      dbClient: client,
      dir,
      direction: 'up',
      schema,
      migrationsSchema: schema,
      migrationsTable: table,
      noLock: true,
      checkOrder: false,
      singleTransaction: true,
      // It would print each statement; a failure is thrown anyway.
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    });
    const names = applied.map(({ name }) => name);
    if (names.length > 0) options.log?.info({ applied: names, schema }, 'database schema migrated');
    return names;
  } finally {
    // Closing the session releases the lock, whatever happened.
    await client.end().catch(ignore);
  }
}

/** The first schema of the search path that exists: the role's own ("$user"), or public. */
async function creationSchema(client: pg.Client): Promise<string> {
  const { rows } = await soon<{ schema: string | null }>(client, 'SELECT current_schema() AS schema');
  const schema = rows[0]?.schema;
  if (schema) return schema;
  throw new Error(
    'the database role has no schema to create tables in: create one of its own name ' +
      '(CREATE SCHEMA AUTHORIZATION <role>).',
  );
}

async function refuseNewerBreaking(input: {
  client: pg.Client;
  dir: string;
  schema: string;
  table: string;
}): Promise<void> {
  const qualified = `${pg.escapeIdentifier(input.schema)}.${pg.escapeIdentifier(input.table)}`;
  const exists = await soon<{ yes: boolean }>(input.client, 'SELECT to_regclass($1) IS NOT NULL AS yes', [
    qualified,
  ]);
  if (!exists.rows[0]?.yes) return;
  const { rows } = await soon<{ name: string }>(input.client, `SELECT name FROM ${qualified}`);
  const ours = new Set((await readdir(input.dir)).map((file) => file.replace(/\.sql$/, '')));
  const foreign = rows.map(({ name }) => name).filter((name) => name.includes('breaking') && !ours.has(name));
  if (foreign.length === 0) return;
  throw new SchemaTooNew(
    `the database was migrated by a newer release with a breaking change (${foreign.join(', ')}): ` +
      'run that release or a later one, or restore a backup from before it.',
  );
}

/** A statement that takes no longer than the wait for the lock. */
function soon<Row extends pg.QueryResultRow>(client: pg.Client, text: string, values: unknown[] = []) {
  return client.query<Row>({ text, values, query_timeout: LOCK_TIMEOUT_MS + 15_000 } as pg.QueryConfig);
}

function ignore(): void {}
