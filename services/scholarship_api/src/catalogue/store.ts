import type { Pool, PoolClient } from 'pg';
import { type Bind, FACET_NAMES, facetCondition, limitConditions, OPEN } from './conditions.ts';
import { SCHOLARSHIP_COLUMNS, type ScholarshipRow, toColumns, toScholarship } from './row.ts';
import type { Scholarship, ScholarshipInput, ScholarshipPatch } from './scholarship.ts';
import {
  type Cursor,
  decodeCursor,
  encodeCursor,
  type Filters,
  madeSort,
  type OwnQuery,
  type SearchQuery,
} from './search-query.ts';
import { wordsOf } from './words.ts';

type Db = Pool | PoolClient;

export type SearchPage = { scholarships: Scholarship[]; next_cursor: string | null };

/**
 * Published scholarships whose deadline is not over. Without `q`: by deadline, then id. With `q`: best match first
 * (web search syntax), then id. A facet also finds what is open to all of it.
 * @returns undefined when the cursor is not one of ours or belongs to the other order.
 */
export async function searchScholarships(db: Db, query: SearchQuery): Promise<SearchPage | undefined> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const ranked = query.q !== undefined && query.q !== '';
  if (query.cursor !== undefined && (after === undefined || ranked !== isRank(after))) return undefined;
  const { text, values } = searchStatement(query, ranked, after);
  const { rows } = await db.query<ScholarshipRow & { sort: string }>(text, values);
  return toPage(rows, query.limit);
}

function isRank(cursor: Cursor): boolean {
  return cursor.sort !== 'infinity' && !/^\d{4}-/.test(cursor.sort);
}

/** The statement of one page of a search. */
export function searchStatement(
  query: SearchQuery,
  ranked: boolean,
  after: Cursor | undefined,
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const words = query.q ? wordsOf(query.q, bind) : undefined;
  const where = conditionsOf(query, words, bind);
  // Of the table: the page shows a deadline of that name as text, and a sort by that could use no index.
  let sort = 'scholarships.deadline';
  // Negated, so that both orders ascend and share one row comparison; float8 text is read back exactly.
  if (words) sort = `(-ts_rank(words, ${words})::float8)`;
  if (after !== undefined) {
    const type = ranked ? 'float8' : 'date';
    where.push(`(${sort}, id) > (${bind(after.sort)}::${type}, ${bind(after.id)}::uuid)`);
  }
  const text = `SELECT ${SCHOLARSHIP_COLUMNS}, (${sort})::text AS sort FROM scholarships
    WHERE ${where.join(' AND ')} ORDER BY ${sort}, id LIMIT ${bind(query.limit + 1)}`;
  return { text, values };
}

/** What a scholarship has to be for a search to find it. */
function conditionsOf(query: Filters, words: string | undefined, bind: Bind): string[] {
  return [
    ...OPEN,
    ...(words ? [`words @@ ${words}`] : []),
    ...FACET_NAMES.flatMap((facet) => facetCondition(facet, query, bind)),
    ...limitConditions(query, bind),
  ];
}

/** Whether a search finds anything at all. */
export async function findsAnything(db: Pick<Pool, 'query'>, query: Filters): Promise<boolean> {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const words = query.q ? wordsOf(query.q, bind) : undefined;
  const where = conditionsOf(query, words, bind);
  const { rowCount } = await db.query(
    `SELECT FROM scholarships WHERE ${where.join(' AND ')} LIMIT 1`,
    values,
  );
  return rowCount === 1;
}

/** One scholarship, whatever its status. */
export async function findScholarship(db: Db, id: string): Promise<Scholarship | undefined> {
  const { rows } = await db.query<ScholarshipRow>(
    `SELECT ${SCHOLARSHIP_COLUMNS} FROM scholarships WHERE id = $1`,
    [id],
  );
  return rows[0] && toScholarship(rows[0]);
}

export type OwnPage = {
  scholarships: (Scholarship & { took_listing: boolean })[];
  next_cursor: string | null;
};

/**
 * What one owner has, newest first, then by id, and which of them took up a listing.
 * @returns undefined when the cursor is not one of these pages.
 */
export async function scholarshipsOf(
  db: Db,
  ownerProviderId: string,
  query: OwnQuery,
): Promise<OwnPage | undefined> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, madeSort);
  if (query.cursor !== undefined && after === undefined) return undefined;
  const { rows } = await db.query<ScholarshipRow & { sort: string; took_listing: boolean }>(
    `SELECT ${SCHOLARSHIP_COLUMNS}, took_listing,
       to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS sort
     FROM scholarships
     WHERE owner_provider_id = $1 AND ($2::text IS NULL OR status = $2)
       AND ($3::timestamptz IS NULL OR (created_at, id) < ($3::timestamptz, $4::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $5`,
    [ownerProviderId, query.status ?? null, after?.sort ?? null, after?.id ?? null, query.limit + 1],
  );
  const page = toPage(rows, query.limit);
  const withListing = page.scholarships.map((own, i) => ({
    ...own,
    took_listing: rows[i]?.took_listing === true,
  }));
  return { ...page, scholarships: withListing };
}

/** A page out of its rows, of which one more than the page takes was asked for. */
function toPage(rows: readonly (ScholarshipRow & { sort: string })[], limit: number): SearchPage {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    scholarships: page.map(toScholarship),
    next_cursor: rows.length > limit && last ? encodeCursor({ sort: last.sort, id: last.id }) : null,
  };
}

/** @throws Error where the id is taken */
export async function insertScholarship(
  ...insertion: Parameters<typeof insertUnlessThere>
): Promise<Scholarship> {
  const made = await insertUnlessThere(...insertion);
  if (made === undefined) throw new Error('the id of a new scholarship is taken');
  return made;
}

/** The new scholarship; undefined where the id is taken. */
export async function insertUnlessThere(
  db: Db,
  input: ScholarshipInput,
  identity: { id: string; ownerProviderId: string },
): Promise<Scholarship | undefined> {
  const { names, values } = toColumns(input);
  const columns = ['id', 'owner_provider_id', ...names];
  const { rows } = await db.query<ScholarshipRow>(
    `INSERT INTO scholarships (${columns.join(', ')}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')})
     ON CONFLICT (id) DO NOTHING RETURNING ${SCHOLARSHIP_COLUMNS}`,
    [identity.id, identity.ownerProviderId, ...values],
  );
  return rows[0] && toScholarship(rows[0]);
}

/** The scholarship after the change; undefined when it is not at this revision any more. The caller has checked the owner. */
export async function updateScholarship(
  db: Db,
  { id, revision }: Pick<Scholarship, 'id' | 'revision'>,
  patch: ScholarshipPatch & { took_listing?: true },
): Promise<Scholarship | undefined> {
  const { names, values } = toColumns(patch as Partial<ScholarshipInput>);
  const assignments = names.map((name, index) => `${name} = $${index + 3}`);
  const { rows } = await db.query<ScholarshipRow>(
    `UPDATE scholarships SET ${[...assignments, 'updated_at = now()'].join(', ')} WHERE id = $1 AND revision = $2
     RETURNING ${SCHOLARSHIP_COLUMNS}`,
    [id, revision, ...values],
  );
  return rows[0] && toScholarship(rows[0]);
}

/** How many listings an owner's scholarships have taken up. */
export async function countListingsTaken(db: Db, ownerProviderId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM scholarships WHERE owner_provider_id = $1 AND took_listing',
    [ownerProviderId],
  );
  return rows[0]?.count ?? 0;
}

/** Waits until it is the only writer of scholarships, until the end of the transaction: what is read then stays so. */
export async function becomeOnlyWriter(tx: PoolClient): Promise<void> {
  // The lock of the trigger scholarships_one_writer.
  await tx.query(
    `SELECT pg_advisory_xact_lock(hashtext('scholarships'), 'scholarships'::regclass::oid::int)`,
  );
}

/** True when it went; undefined when it is not at this revision any more. The caller has checked owner and status. */
export async function deleteDraft(
  db: Db,
  { id, revision }: Pick<Scholarship, 'id' | 'revision'>,
): Promise<true | undefined> {
  const { rowCount } = await db.query(
    `DELETE FROM scholarships WHERE id = $1 AND revision = $2 AND status = 'draft'`,
    [id, revision],
  );
  return rowCount === 1 ? true : undefined;
}
