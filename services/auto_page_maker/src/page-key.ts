import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';

/** A key that is made on first use and the same ever after. Rejects while the database is away. */
export type PageKey = () => Promise<Buffer>;

/**
 * The key of this name. It lives in the database so that all replicas accept each other's forms; it guards nothing
 * but form tokens and the fingerprints of our own rows.
 */
export function createPageKey(pool: Pool, name: string): PageKey {
  let known: Buffer | undefined;
  return async () => {
    known ??= await loadOrMake(pool, name);
    return known;
  };
}

async function loadOrMake(pool: Pool, name: string): Promise<Buffer> {
  await pool.query('INSERT INTO page_keys (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
    name,
    randomBytes(32),
  ]);
  const { rows } = await pool.query<{ value: Buffer }>('SELECT value FROM page_keys WHERE name = $1', [name]);
  const [row] = rows;
  if (!row) throw new Error(`page_keys has no row "${name}" right after one was written`);
  return row.value;
}
