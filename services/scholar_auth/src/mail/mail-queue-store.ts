import type { Pool, PoolClient } from 'pg';
import { NOT_LEAVING } from '../users/leaving.ts';
import type { MailPurpose } from './letters.ts';

export type QueuedMail = {
  mailId: string;
  userId: string;
  purpose: MailPurpose;
  attempts: number;
  emailSealed: Buffer;
};

/** Queues a mail to a user; one that waits already is enough. */
export async function queueMail(
  tx: PoolClient,
  mail: { userId: string; purpose: MailPurpose; at: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO mail_queue (user_id, purpose, due_at) VALUES ($1, $2, $3) ON CONFLICT (user_id, purpose) DO NOTHING`,
    [mail.userId, mail.purpose, mail.at],
  );
}

/**
 * Queues a mail to whoever has this address. One statement, whether there is such an account or not. Simulated people
 * get no mail, nor does who is being erased. `unverified`: only where the address is not proven yet.
 */
export async function queueMailByAddress(
  tx: PoolClient,
  mail: { emailHash: string; purpose: MailPurpose; at: Date; unverified?: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO mail_queue (user_id, purpose, due_at)
     SELECT user_id, $2, $3 FROM users
     WHERE email_hash = $1 AND NOT simulated AND (NOT $4 OR email_verified_at IS NULL) AND user_id ${NOT_LEAVING}
     ON CONFLICT (user_id, purpose) DO NOTHING`,
    [mail.emailHash, mail.purpose, mail.at, mail.unverified ?? false],
  );
}

/**
 * Takes the next mail that is due and puts it off to `until`: a process that dies while sending leaves it to be sent
 * again, and two replicas never send one mail at the same time. One that was queued at the very moment of a request to be
 * erased is never sent.
 */
export async function leaseMail(pool: Pool, { at, until }: { at: Date; until: Date }) {
  const { rows } = await pool.query<QueuedMail>(
    `UPDATE mail_queue q SET due_at = $2, attempts = q.attempts + 1 FROM users u
     WHERE u.user_id = q.user_id AND q.mail_id = (
       SELECT mail_id FROM mail_queue WHERE due_at <= $1 AND user_id ${NOT_LEAVING}
       ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING q.mail_id AS "mailId", q.user_id AS "userId", q.purpose, q.attempts, u.email_sealed AS "emailSealed"`,
    [at, until],
  );
  return rows[0];
}

export async function putMailOff(pool: Pool, mailId: string, until: Date): Promise<void> {
  await pool.query('UPDATE mail_queue SET due_at = $2 WHERE mail_id = $1', [mailId, until]);
}

export async function removeMail(pool: Pool, mailId: string): Promise<void> {
  await pool.query('DELETE FROM mail_queue WHERE mail_id = $1', [mailId]);
}
