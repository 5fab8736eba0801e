import type { Pool, PoolClient } from 'pg';
import type { Scholarship } from './scholarship.ts';

export type Group = { slug: string; name: string; count: number };

const COLUMNS = `scholarship_id AS "scholarshipId", slug, title, summary, field, field_slug AS "fieldSlug",
  region, region_slug AS "regionSlug", amount, to_char(deadline, 'YYYY-MM-DD') AS deadline`;

/** Two replicas that refresh at once would undo each other's deletions: one waits until the other has committed. */
export async function lockRefresh(tx: PoolClient): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('auto_page_maker.catalogue', 0))");
}

/** Writes one page of the catalogue as seen at `seenAt`, in one statement. */
export async function upsertScholarships(
  tx: PoolClient,
  scholarships: readonly Scholarship[],
  seenAt: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO catalogue (scholarship_id, slug, title, summary, field, field_slug, region, region_slug, amount,
                            deadline, seen_at)
     SELECT s.*, $2::timestamptz FROM jsonb_to_recordset($1::jsonb) AS s(
       "scholarshipId" text, slug text, title text, summary text, field text, "fieldSlug" text,
       region text, "regionSlug" text, amount text, deadline date)
     ON CONFLICT (scholarship_id) DO UPDATE SET
       slug = excluded.slug, title = excluded.title, summary = excluded.summary, field = excluded.field,
       field_slug = excluded.field_slug, region = excluded.region, region_slug = excluded.region_slug,
       amount = excluded.amount, deadline = excluded.deadline, seen_at = excluded.seen_at`,
    [JSON.stringify(scholarships), seenAt],
  );
}

/** Removes what a complete walk over the catalogue did not meet again. */
export async function deleteUnseen(tx: PoolClient, seenAt: Date): Promise<void> {
  await tx.query('DELETE FROM catalogue WHERE seen_at < $1', [seenAt]);
}

export async function listScholarships(
  pool: Pool,
  { where, limit }: { where?: { fieldSlug: string } | { regionSlug: string }; limit: number },
): Promise<Scholarship[]> {
  const column = !where ? undefined : 'fieldSlug' in where ? 'field_slug' : 'region_slug';
  const value = !where ? undefined : 'fieldSlug' in where ? where.fieldSlug : where.regionSlug;
  const filter = column ? `WHERE ${column} = $2` : '';
  const { rows } = await pool.query<Scholarship>(
    `SELECT ${COLUMNS} FROM catalogue ${filter} ORDER BY title, scholarship_id LIMIT $1`,
    column ? [limit, value] : [limit],
  );
  return rows;
}

export async function findScholarship(pool: Pool, slug: string): Promise<Scholarship | undefined> {
  const { rows } = await pool.query<Scholarship>(`SELECT ${COLUMNS} FROM catalogue WHERE slug = $1`, [slug]);
  return rows[0];
}

/** Fields or regions with a page of their own, the fullest first. */
export async function listGroups(pool: Pool, by: 'field' | 'region'): Promise<Group[]> {
  const { rows } = await pool.query<Group>(
    // `by` is one of two literals, never input.
    `SELECT ${by}_slug AS slug, min(${by}) AS name, count(*)::int AS count FROM catalogue
     WHERE ${by}_slug IS NOT NULL GROUP BY ${by}_slug ORDER BY count DESC, slug`,
  );
  return rows;
}
