import pg from 'pg';
import type { DesiredState } from './desired.ts';
import { readText } from './json-file.ts';
import type { StateLayout } from './layout.ts';
import { SERVICE_LABELS } from './layout.ts';

const DATABASE = 'scholar';

/**
 * One database, one login role per service, each owning the schema of its own name: PostgreSQL's default
 * search path ("$user") then finds a service's tables and nobody else's.
 */
export async function prepareDatabase(
  adminUrl: string,
  layout: StateLayout,
  desired: DesiredState,
): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
  const url = new URL(adminUrl);
  url.pathname = `/${DATABASE}`;
  await withClient(url.toString(), async (client) => {
    await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    for (const label of SERVICE_LABELS) {
      if (!desired.services[label]?.app.secrets.includes('DATABASE_URL')) continue;
      const password = await readText(layout.secret(label, 'DATABASE_PASSWORD'));
      if (password === undefined)
        throw new Error(`No database password for ${label}; run \`scholar up\` again.`);
      await ensureRole(client, label, password);
    }
  });
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = found.rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${name}`);
}

async function withClient(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'scholar-supervisor' });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
