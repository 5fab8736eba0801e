import type pg from 'pg';

/** The readiness check of the database. */
export async function checkDatabase(pool: pg.Pool): Promise<void> {
  await pool.query('SELECT 1');
}
