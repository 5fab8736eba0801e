import type pg from 'pg';
import { isUnavailable } from './unavailable.ts';

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. The connection goes back to
 * the pool only when it is known to be clean; after a broken connection or a failed rollback it is destroyed.
 * @throws whatever `work` or COMMIT throws. When COMMIT itself breaks off, the outcome is unknown: the caller must be
 * idempotent.
 */
export async function inTransaction<T>(
  pool: Pick<pg.Pool, 'connect'>,
  work: (tx: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const tx = await pool.connect();
  let broken = false;
  try {
    await tx.query('BEGIN');
    const result = await work(tx);
    await tx.query('COMMIT');
    return result;
  } catch (error) {
    broken = isUnavailable(error) || !(await rollback(tx));
    throw error;
  } finally {
    tx.release(broken);
  }
}

async function rollback(tx: pg.PoolClient): Promise<boolean> {
  try {
    await tx.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}
