import { createHash, randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { LinkPurpose } from '../mail/letters.ts';
import { NOT_LEAVING } from '../users/leaving.ts';

const TOKEN_BYTES = 32;

/** Makes a link of a purpose for a user and answers its token, of which only a hash is kept. */
export async function makeLink(
  pool: Pool,
  link: { userId: string; purpose: LinkPurpose; expiresAt: Date },
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await pool.query(
    'INSERT INTO mail_links (token_hash, user_id, purpose, expires_at) VALUES ($1, $2, $3, $4)',
    [hashOf(token), link.userId, link.purpose, link.expiresAt],
  );
  return token;
}

/** Whether the token would be taken now. Changes nothing: programs that look at links in mails use none up. */
export async function linkWorks(
  pool: Pool,
  link: { token: string; purpose: LinkPurpose; at: Date },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT 1 FROM mail_links
     WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 AND user_id ${NOT_LEAVING}`,
    [hashOf(link.token), link.purpose, link.at],
  );
  return rowCount === 1;
}

/**
 * Uses the token up, with all others of its user and purpose; answers the user, or undefined for a token that is
 * unknown, used or expired, or of somebody who is being erased. Of any number of parallel calls one gets the user.
 */
export async function takeLink(
  tx: PoolClient,
  link: { token: string; purpose: LinkPurpose; at: Date },
): Promise<string | undefined> {
  // The person first: two links of one person that are used at once would otherwise wait for each other.
  await tx.query(
    `SELECT 1 FROM users WHERE user_id = (SELECT user_id FROM mail_links WHERE token_hash = $1) FOR UPDATE`,
    [hashOf(link.token)],
  );
  const { rows } = await tx.query<{ user_id: string }>(
    `UPDATE mail_links SET used_at = $3
     WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 AND user_id ${NOT_LEAVING}
     RETURNING user_id`,
    [hashOf(link.token), link.purpose, link.at],
  );
  const userId = rows[0]?.user_id;
  if (userId === undefined) return undefined;
  await tx.query(
    'UPDATE mail_links SET used_at = $3 WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL',
    [userId, link.purpose, link.at],
  );
  return userId;
}

export async function deleteExpiredLinks(pool: Pool, before: Date): Promise<void> {
  await pool.query('DELETE FROM mail_links WHERE expires_at < $1', [before]);
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
