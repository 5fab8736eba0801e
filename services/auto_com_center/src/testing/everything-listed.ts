import { waitFor } from '@scholar/runtime/testing';
import type { Pool } from 'pg';

/**
 * Resolves when A8's list shows every row of `pool`'s database. A row is in the list once every earlier transaction of the server has ended,
 * those of suites beside this one too.
 */
export async function everythingListed(pool: Pool): Promise<void> {
  await waitFor(async () => {
    const { rows } = await pool.query(
      'SELECT bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())) AS listed FROM events',
    );
    return rows[0].listed !== false;
  });
}
