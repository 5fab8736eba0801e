import type { Pool, PoolClient } from 'pg';

/**
 * Behind the id of a user in a statement: whether that user has not asked to be erased. From the request on an account
 * lets nobody in, whatever still lies in a mailbox: what is kept after a service has confirmed would belong to nobody.
 */
export const NOT_LEAVING = 'NOT IN (SELECT user_id FROM erasure_requests WHERE user_id IS NOT NULL)';

/** Whether that user has asked to be erased, and is still there. */
export async function isLeaving(db: Pool | PoolClient, userId: string): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM erasure_requests WHERE user_id = $1', [userId]);
  return rowCount !== 0;
}
