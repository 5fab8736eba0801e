import type { JWK } from 'jose';
import type { Pool, PoolClient } from 'pg';

export type StoredKey = { kid: string; publicJwk: JWK; privateJwk: JWK; retired: boolean };

/** Keys to publish, newest first; the first one that is not retired signs. */
export async function loadKeys(db: Pool | PoolClient): Promise<StoredKey[]> {
  const { rows } = await db.query<StoredKey>(
    `SELECT kid, public_jwk AS "publicJwk", private_jwk AS "privateJwk", retired_at IS NOT NULL AS retired
     FROM signing_keys ORDER BY created_at DESC, kid`,
  );
  return rows;
}

/** Held until the transaction ends: of two replicas that start together, one makes the key and the other finds it. */
export async function lockKeyCreation(tx: PoolClient): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('scholar_auth.signing_keys', 0))");
}

export async function insertKey(tx: PoolClient, key: Omit<StoredKey, 'retired'>): Promise<void> {
  await tx.query('INSERT INTO signing_keys (kid, public_jwk, private_jwk) VALUES ($1, $2, $3)', [
    key.kid,
    key.publicJwk,
    key.privateJwk,
  ]);
}
