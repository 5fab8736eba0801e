import type { Pool, PoolClient } from 'pg';
import type { Provider, ProviderInput } from './provider.ts';

/** Stores a provider; false when the id is taken (the same form sent again) or its account has a provider. */
export async function insertProvider(
  tx: PoolClient,
  input: ProviderInput,
  facts: { id: string; simulated: boolean; userId: string | undefined },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO providers (id, name, email, website, country, simulated, user_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING`,
    [
      ...[facts.id, input.name, input.email, input.website ?? null, input.country ?? null],
      ...[facts.simulated, facts.userId ?? null],
    ],
  );
  return rowCount === 1;
}

/** A provider without its e-mail address, which no page shows, and the account that it belongs to, where it has one. */
export async function findOwnedProvider(
  pool: Pool,
  id: string,
): Promise<{ provider: Provider; userId: string | null } | undefined> {
  const { rows } = await pool.query<Provider & { user_id: string | null }>(
    'SELECT id, name, website, country, created_at, user_id FROM providers WHERE id = $1',
    [id],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { user_id: userId, ...provider } = row;
  return { provider, userId };
}

/** The provider that an account of scholar_auth manages. */
export async function findProviderOf(pool: Pool, userId: string): Promise<Provider | undefined> {
  const { rows } = await pool.query<Provider>(
    'SELECT id, name, website, country, created_at FROM providers WHERE user_id = $1',
    [userId],
  );
  return rows[0];
}
