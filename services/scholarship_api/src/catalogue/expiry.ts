import {
  createPeriodicTask,
  HOUR_MS,
  type PeriodicTask,
  type PeriodicTaskOptions,
} from '@scholar/runtime/background';
import type { Pool } from 'pg';

/** Marks what is published and whose last day is over as expired. @returns how many */
export async function expireOverdue(db: Pick<Pool, 'query'>): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE scholarships SET status = 'expired', updated_at = now() WHERE status = 'published' AND deadline < current_date`,
  );
  return rowCount ?? 0;
}

/** Every hour, so that providers see what ended. Searches leave it out from the first minute, by its deadline. */
export function createExpiry(
  deps: Pick<PeriodicTaskOptions, 'clock' | 'random' | 'log'> & { pool: Pool },
): PeriodicTask {
  return createPeriodicTask({
    ...deps,
    name: 'the expiry of scholarships',
    meanwhile: 'searches leave out what is over, but its status does not say so yet',
    intervalMs: HOUR_MS,
    run: () => expireOverdue(deps.pool),
  });
}
