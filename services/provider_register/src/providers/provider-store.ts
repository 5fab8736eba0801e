import pg, { type Pool, type PoolClient } from 'pg';
import { ERASED, OF_ACCOUNT, type Provider, type ProviderInput } from './provider.ts';

/** Stores a provider; false when the id is taken (the same form sent again) or its account has a provider. */
export async function insertProvider(
  tx: PoolClient,
  input: ProviderInput,
  facts: { id: string; simulated: boolean; userId: string | undefined; claimSha256: Buffer | undefined },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO providers (id, name, email, website, country, simulated, user_id, claim_sha256)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT DO NOTHING`,
    [
      ...[facts.id, input.name, input.email, input.website ?? null, input.country ?? null],
      ...[facts.simulated, facts.userId ?? null, facts.claimSha256 ?? null],
    ],
  );
  return rowCount === 1;
}

/**
 * A provider without its e-mail address, which no page shows, and the account that it belongs to, where it has one. One that
 * was erased is not there: nobody owns it any more, and its address must not open again for that.
 */
export async function findOwnedProvider(
  pool: Pool,
  id: string,
): Promise<{ provider: Provider; userId: string | null } | undefined> {
  const { rows } = await pool.query<Provider & { user_id: string | null }>(
    'SELECT id, name, website, country, created_at, user_id FROM providers WHERE id = $1 AND email <> $2',
    [id, ERASED],
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

/** Whether this is the code of a provider that has no account. */
export async function isClaimable(db: Pool, id: string, claimSha256: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(
    'SELECT FROM providers WHERE id = $1 AND user_id IS NULL AND claim_sha256 = $2',
    [id, claimSha256],
  );
  return rowCount === 1;
}

/** `taken`: another account has it, or the code is none any more. `has_another`: the account manages a provider already. */
export type Claimed = 'claimed' | 'taken' | 'has_another';

/**
 * Gives a provider to an account, once. Of several that claim it at once one has it; an account that has a provider gets no
 * second one. The address of who registered it goes: the account has its own, at scholar_auth. The same account again
 * finds it claimed.
 */
export async function claimProvider(
  pool: Pool,
  claim: { id: string; claimSha256: Buffer; userId: string },
): Promise<Claimed> {
  if (await takeProvider(pool, claim)) return 'claimed';
  const own = await findProviderOf(pool, claim.userId);
  if (own?.id === claim.id) return 'claimed';
  return own && (await isClaimable(pool, claim.id, claim.claimSha256)) ? 'has_another' : 'taken';
}

async function takeProvider(pool: Pool, claim: Parameters<typeof claimProvider>[1]): Promise<boolean> {
  try {
    const { rowCount } = await pool.query(
      `UPDATE providers SET user_id = $3, claim_sha256 = NULL, email = $4
       WHERE id = $1 AND user_id IS NULL AND claim_sha256 = $2
         AND NOT EXISTS (SELECT FROM providers own WHERE own.user_id = $3)`,
      [claim.id, claim.claimSha256, claim.userId, OF_ACCOUNT],
    );
    return rowCount === 1;
  } catch (error) {
    // It got another one after this statement looked.
    if (error instanceof pg.DatabaseError && error.constraint === 'providers_user') return false;
    throw error;
  }
}
