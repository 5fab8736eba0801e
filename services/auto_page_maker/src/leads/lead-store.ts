import type { Pool, PoolClient } from 'pg';
import type { Submission } from './submission.ts';

export type LeadRow = Submission & {
  leadId: string;
  submissionKey: Buffer | undefined;
  contentHash: Buffer;
  simulated: boolean;
};

export type StoredLead = { leadId: string; contentHash: Buffer };

/** What GET /leads/{id} tells: never the address or the name. */
export type LeadState = {
  lead_id: string;
  created_at: Date;
  simulated: boolean;
  user: { state: 'pending' | 'linked' | 'refused' | 'expired'; user_id: string | null; attempts: number };
};

/** Inserts the lead; false when its submission key is taken (waits for a concurrent insert of the same key). */
export async function insertLead(tx: PoolClient, lead: LeadRow): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO leads (lead_id, email, name, scholarship_id, page, submission_key, content_hash, simulated)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (submission_key) DO NOTHING`,
    [
      lead.leadId,
      lead.email,
      lead.name,
      lead.scholarshipId,
      lead.page,
      lead.submissionKey,
      lead.contentHash,
      lead.simulated,
    ],
  );
  return rowCount === 1;
}

export async function findLeadBySubmission(
  db: Pool | PoolClient,
  submissionKey: Buffer,
): Promise<StoredLead | undefined> {
  const { rows } = await db.query<StoredLead>(
    'SELECT lead_id AS "leadId", content_hash AS "contentHash" FROM leads WHERE submission_key = $1',
    [submissionKey],
  );
  return rows[0];
}

export async function readLeadState(pool: Pool, leadId: string): Promise<LeadState | undefined> {
  const { rows } = await pool.query<LeadState>(
    `SELECT l.lead_id, l.created_at, l.simulated,
            json_build_object('state', u.state, 'user_id', u.user_id, 'attempts', u.attempts) AS "user"
     FROM leads l JOIN user_links u USING (lead_id) WHERE l.lead_id = $1`,
    [leadId],
  );
  return rows[0];
}
