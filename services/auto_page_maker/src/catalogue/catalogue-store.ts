import type { Pool, PoolClient } from 'pg';
import type { Scholarship } from './scholarship.ts';

export type GroupBy = 'field' | 'region';
export type Group = { word: string; count: number };

const COLUMNS = `scholarship_id AS "scholarshipId", slug, title, summary, fields, regions, amount,
  to_char(deadline, 'YYYY-MM-DD') AS deadline`;

/** Literals for the statements below: the one place where a column's name is chosen. */
const COLUMN_OF = { field: 'fields', region: 'regions' } as const;

/** Two replicas that refresh at once would undo each other's deletions: one waits until the other has committed. */
export async function lockRefresh(tx: PoolClient): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('auto_page_maker.catalogue', 0))");
}

/** Writes a part of the catalogue as seen at `seenAt`, in one statement. */
export async function upsertScholarships(
  tx: PoolClient,
  scholarships: readonly Scholarship[],
  seenAt: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO catalogue (scholarship_id, slug, title, summary, fields, regions, amount, deadline, seen_at)
     SELECT s.*, $2::timestamptz FROM jsonb_to_recordset($1::jsonb) AS s(
       "scholarshipId" text, slug text, title text, summary text, fields text[], regions text[], amount text,
       deadline date)
     ON CONFLICT (scholarship_id) DO UPDATE SET
       slug = excluded.slug, title = excluded.title, summary = excluded.summary, fields = excluded.fields,
       regions = excluded.regions, amount = excluded.amount, deadline = excluded.deadline,
       seen_at = excluded.seen_at`,
    [JSON.stringify(scholarships), seenAt],
  );
}

/** Removes what a complete walk over the catalogue did not meet again. */
export async function deleteUnseen(tx: PoolClient, seenAt: Date): Promise<void> {
  await tx.query('DELETE FROM catalogue WHERE seen_at < $1', [seenAt]);
}

/** Which rows of a list: at most `limit`, after the first `offset`. */
export type Rows = { limit: number; offset: number };

export async function listScholarships(pool: Pool, { limit, offset }: Rows): Promise<Scholarship[]> {
  const { rows } = await pool.query<Scholarship>(
    `SELECT ${COLUMNS} FROM catalogue ORDER BY title, scholarship_id LIMIT $1 OFFSET $2`,
    [limit, offset],
  );
  return rows;
}

export async function listGroupMembers(
  pool: Pool,
  { by, word, limit, offset }: Rows & { by: GroupBy; word: string },
): Promise<Scholarship[]> {
  const { rows } = await pool.query<Scholarship>(
    `SELECT ${COLUMNS} FROM catalogue WHERE ${COLUMN_OF[by]} @> ARRAY[$1]
     ORDER BY title, scholarship_id LIMIT $2 OFFSET $3`,
    [word, limit, offset],
  );
  return rows;
}

export async function findScholarship(pool: Pool, slug: string): Promise<Scholarship | undefined> {
  const { rows } = await pool.query<Scholarship>(`SELECT ${COLUMNS} FROM catalogue WHERE slug = $1`, [slug]);
  return rows[0];
}

/** Fields or regions that have scholarships, the fullest first. */
export async function listGroups(pool: Pool, by: GroupBy): Promise<Group[]> {
  const { rows } = await pool.query<Group>(
    `SELECT word, count(*)::int AS count FROM catalogue, unnest(${COLUMN_OF[by]}) AS word
     GROUP BY word ORDER BY count DESC, word LIMIT 100`,
  );
  return rows;
}

/** Slugs of scholarships in the order of their pages, at most `limit`. */
export async function listSlugs(pool: Pool, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ slug: string }>(
    'SELECT slug FROM catalogue ORDER BY title, scholarship_id LIMIT $1',
    [limit],
  );
  return rows.map(({ slug }) => slug);
}
