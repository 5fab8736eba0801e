import { createHmac } from 'node:crypto';
import { networkOf } from '@scholar/runtime/client-limit';
import type { Clock } from '@scholar/runtime/clock';
import type { Pool } from 'pg';

/** Counts a form from this address; false when its network has sent too many. Rejects while the database is away. */
export type AdmitSender = (ip: string | undefined) => Promise<boolean>;

/**
 * At most `most` forms from one network in each window of `windowMs`, over all replicas. Fixed windows: at their border
 * twice as many may come. An address that is not known is one network like any other.
 */
export function createSenderLimit(deps: {
  pool: Pool;
  clock: Clock;
  key: () => Promise<Buffer>;
  most: number;
  windowMs: number;
}): AdmitSender {
  const { pool, clock, most, windowMs } = deps;
  return async (ip) => {
    const start = Math.floor(clock.now() / windowMs) * windowMs;
    const sender = createHmac('sha256', await deps.key())
      .update(`${start} ${networkOf(ip ?? '')}`)
      .digest();
    const { rows } = await pool.query<{ sent: number }>(
      `INSERT INTO form_senders (sender, window_start, sent) VALUES ($1, $2, 1)
       ON CONFLICT (sender) DO UPDATE SET sent = form_senders.sent + 1 RETURNING sent`,
      [sender, new Date(start)],
    );
    const sent = rows[0]?.sent ?? 1;
    // The first of a sender pays for the sweep.
    if (sent === 1) await pool.query('DELETE FROM form_senders WHERE window_start < $1', [new Date(start)]);
    return sent <= most;
  };
}
