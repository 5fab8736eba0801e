import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { LocalSystem } from './local-system.ts';

/** A copy of a system's database at one moment, as a backup is. */
export interface OlderDatabase {
  /** Puts it in the place of the present one. @returns event ids of A8 that only the present one held. */
  restore: () => Promise<string[]>;
}

const EVENTS = 'auto_com_center.events';

/** Copies the whole database of a running system; its services are without it for that moment. */
export async function copyDatabase(system: LocalSystem): Promise<OlderDatabase> {
  const { database_url } = await system.status();
  const password = await readFile(`${system.state}/secrets/supervisor/POSTGRES_PASSWORD`, 'utf8');
  const urlOf = (database: string): string => {
    const url = new URL(database_url);
    Object.assign(url, { username: 'postgres', password, pathname: `/${database}` });
    url.search = '';
    return url.href;
  };
  const present = new URL(database_url).pathname.slice(1);
  const admin = <T>(work: (client: pg.Client) => Promise<T>) => connected(urlOf('postgres'), work);
  const older = `${present}_older`;
  const newer = `${present}_newer`;
  await admin((client) =>
    withoutUsers(client, present, () => client.query(`CREATE DATABASE ${older} TEMPLATE ${present}`)),
  );
  return {
    restore: async () => {
      await admin(async (client) => {
        await withoutUsers(client, present, () =>
          client.query(`ALTER DATABASE ${present} RENAME TO ${newer}`),
        );
        await client.query(`ALTER DATABASE ${older} RENAME TO ${present}`);
      });
      const [then, before] = await Promise.all([idsIn(urlOf(newer)), idsIn(urlOf(present))]);
      await admin((client) => client.query(`DROP DATABASE ${newer} WITH (FORCE)`));
      const known = new Set(before);
      return then.filter((id) => !known.has(id));
    },
  };
}

/** PostgreSQL copies and renames a database only while nobody uses it. */
async function withoutUsers(
  client: pg.Client,
  database: string,
  work: () => Promise<unknown>,
): Promise<void> {
  await client.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
  try {
    await client.query('SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1', [
      database,
    ]);
    await work();
  } finally {
    const open = 'SELECT datname FROM pg_database WHERE NOT datallowconn AND datname <> $1';
    const { rows } = await client.query<{ datname: string }>(open, ['template0']);
    for (const { datname } of rows) await client.query(`ALTER DATABASE ${datname} ALLOW_CONNECTIONS true`);
  }
}

function idsIn(url: string): Promise<string[]> {
  return connected(url, async (client) => {
    const { rows } = await client.query<{ event_id: string }>(`SELECT event_id FROM ${EVENTS}`);
    return rows.map(({ event_id }) => event_id);
  });
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
