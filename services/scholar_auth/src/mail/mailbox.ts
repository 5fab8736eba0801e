import { randomUUID } from 'node:crypto';
import type { Clock } from '@scholar/runtime/clock';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { VaultSource } from '../email/vault-source.ts';
import type { Letter } from './letters.ts';
import type { MailTransport } from './transport.ts';

const SHOWN = 50;
const letterSchema = z.object({ to: z.string(), subject: z.string(), text: z.string() });

export type KeptLetter = Letter & { sentAt: Date };

/** Mails that stay here, sealed, for the page `/mailbox`: how a machine without an SMTP server has mail. */
export function createMailbox(deps: { pool: Pool; clock: Clock; vault: VaultSource }): MailTransport & {
  /** The newest mails, newest first. */
  letters(): Promise<KeptLetter[]>;
} {
  const { pool, clock, vault } = deps;
  return {
    async send(letter) {
      const mailId = randomUUID();
      await pool.query('INSERT INTO mailbox (mail_id, sealed, sent_at) VALUES ($1, $2, $3)', [
        mailId,
        vault().sealText(JSON.stringify(letter), mailId),
        new Date(clock.now()),
      ]);
    },
    async letters() {
      const { rows } = await pool.query<{ mailId: string; sealed: Buffer; sentAt: Date }>(
        `SELECT mail_id AS "mailId", sealed, sent_at AS "sentAt" FROM mailbox ORDER BY sent_at DESC, mail_id LIMIT ${SHOWN}`,
      );
      const key = vault();
      return rows.map(({ mailId, sealed, sentAt }) => ({
        ...letterSchema.parse(JSON.parse(key.open(sealed, mailId))),
        sentAt,
      }));
    },
  };
}

export async function deleteOldLetters(pool: Pool, before: Date): Promise<void> {
  await pool.query('DELETE FROM mailbox WHERE sent_at < $1', [before]);
}
