import type { JWK } from 'jose';
import type { Pool, PoolClient } from 'pg';
import type { KeyTimes } from './judge-keys.ts';
import type { SealedHalf } from './key-encryption.ts';

export type StoredKey = KeyTimes & {
  kid: string;
  publicJwk: JWK;
  /** The private half as a release without KEY_ENCRYPTION_KEY wrote it. */
  plainJwk: JWK | null;
  /** The private half, sealed; null when it is gone. */
  half: SealedHalf | null;
};

type Row = Omit<StoredKey, 'half'> & { sealed: Buffer | null; sealedWith: string | null };

/**
 * Keys to publish, newest first. Rows of a release without `signs_from` say by `retired_at` alone whether they sign.
 */
export async function loadKeys(db: Pool | PoolClient): Promise<StoredKey[]> {
  const { rows } = await db.query<Row>(
    `SELECT kid, public_jwk AS "publicJwk", private_jwk AS "plainJwk",
            private_sealed AS sealed, sealed_with AS "sealedWith",
            coalesce(signs_from, created_at) AS "signsFrom",
            CASE WHEN signs_from IS NULL THEN retired_at ELSE signs_until END AS "signsUntil"
     FROM signing_keys ORDER BY coalesce(signs_from, created_at) DESC, kid`,
  );
  return rows.map(({ sealed, sealedWith, ...key }) => ({
    ...key,
    half: sealed && sealedWith !== null ? { sealed, sealedWith } : null,
  }));
}

/** Held until the transaction ends: of two replicas that make or change keys at once, one does and the other finds it done. */
export async function lockKeys(tx: PoolClient): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('scholar_auth.signing_keys', 0))");
}

/** `retired_at` is for a release back, which cannot open this key: it takes it as retired and makes one of its own. */
export async function insertKey(
  tx: PoolClient,
  key: { kid: string; publicJwk: JWK; half: SealedHalf; signsFrom: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO signing_keys (kid, public_jwk, private_sealed, sealed_with, signs_from, retired_at)
     VALUES ($1, $2, $3, $4, $5, $5)`,
    [key.kid, key.publicJwk, key.half.sealed, key.half.sealedWith, key.signsFrom],
  );
}

/** Puts a sealed private half in the place of the one that is there, sealed or not. */
export async function replaceHalf(tx: PoolClient, kid: string, half: SealedHalf): Promise<void> {
  await tx.query(
    `UPDATE signing_keys SET private_sealed = $2, sealed_with = $3, private_jwk = NULL,
            signs_until = CASE WHEN signs_from IS NULL THEN retired_at ELSE signs_until END,
            signs_from = coalesce(signs_from, created_at), retired_at = coalesce(retired_at, now())
     WHERE kid = $1`,
    [kid, half.sealed, half.sealedWith],
  );
}

/** Takes the private half of a key away: it signs no more. What was signed stays valid. */
export async function dropHalf(tx: PoolClient, kid: string, at: Date): Promise<void> {
  await tx.query(
    `UPDATE signing_keys SET private_sealed = NULL, sealed_with = NULL, private_jwk = NULL,
            signs_until = coalesce(CASE WHEN signs_from IS NULL THEN retired_at ELSE signs_until END, $2),
            signs_from = coalesce(signs_from, created_at), retired_at = coalesce(retired_at, $2)
     WHERE kid = $1`,
    [kid, at],
  );
}

/** The keys before this one sign until then, if they would have signed for longer. */
export async function endKeysBefore(tx: PoolClient, kid: string, at: Date): Promise<void> {
  await tx.query(
    `UPDATE signing_keys SET signs_until = least(signs_until, $2) WHERE kid <> $1 AND signs_from IS NOT NULL`,
    [kid, at],
  );
}

/** From then on no token of this key is valid, as soon as the others have fetched the keys anew. */
export async function deleteKey(tx: PoolClient, kid: string): Promise<void> {
  await tx.query('DELETE FROM signing_keys WHERE kid = $1', [kid]);
}
