import type { Pool, PoolClient } from 'pg';
import type { Spending } from './prices.ts';

/** The most of a day; undefined is no bound. */
export type Limit = { tokens: number | undefined; units: number | undefined };

/** The row of the whole service. */
export const SERVICE = 'service';
export const rowOf = (userId: string): string => `user:${userId}`;

/**
 * Adds to what somebody has spent, unless that would be more than the limit.
 * @returns what is spent then; undefined where it was not added. The row stays locked until the transaction ends.
 */
export async function spend(
  tx: PoolClient,
  { day, spender, spending, limit }: { day: string; spender: string; spending: Spending; limit: Limit },
): Promise<Spending | undefined> {
  const { rows } = await tx.query<Spending>(
    `INSERT INTO model_spending AS s (day, spender, tokens, units)
     SELECT $1, $2, $3::bigint, $4::bigint
     WHERE $3::bigint <= coalesce($5::bigint, $3) AND $4::bigint <= coalesce($6::bigint, $4)
     ON CONFLICT (day, spender) DO UPDATE SET tokens = s.tokens + excluded.tokens, units = s.units + excluded.units
     WHERE s.tokens + excluded.tokens <= coalesce($5::bigint, s.tokens + excluded.tokens)
       AND s.units + excluded.units <= coalesce($6::bigint, s.units + excluded.units)
     RETURNING tokens::float8, units::float8`,
    [day, spender, spending.tokens, spending.units, limit.tokens ?? null, limit.units ?? null],
  );
  return rows[0];
}

/** Puts right what was spent beforehand: adds the difference, which may be negative, and tells what is spent then. */
export async function correct(
  db: Pool,
  { day, spender, by }: { day: string; spender: string; by: Spending },
): Promise<Spending | undefined> {
  const { rows } = await db.query<Spending>(
    `UPDATE model_spending SET tokens = greatest(0, tokens + $3), units = greatest(0, units + $4)
     WHERE day = $1 AND spender = $2 RETURNING tokens::float8, units::float8`,
    [day, spender, by.tokens, by.units],
  );
  return rows[0];
}

export async function spentOn(db: Pool, day: string, spender: string): Promise<Spending> {
  const { rows } = await db.query<Spending>(
    `SELECT tokens::float8 AS tokens, units::float8 AS units FROM model_spending WHERE day = $1 AND spender = $2`,
    [day, spender],
  );
  return rows[0] ?? { tokens: 0, units: 0 };
}

export async function forgetBefore(db: Pool, day: string): Promise<void> {
  await db.query('DELETE FROM model_spending WHERE day < $1', [day]);
}
