import type { PoolClient } from 'pg';
import type { Passage, PassageKind } from './passage.ts';

/** Rows of one statement: keeps its parameter at about a megabyte. */
const BATCH = 500;

/**
 * Makes the passages of one kind what is given: changed ones are written, vanished ones removed. What stays the same is
 * not touched, so that a renewal of an unchanged catalogue costs no writes.
 */
export async function replacePassages(
  tx: PoolClient,
  kind: PassageKind,
  passages: readonly Passage[],
): Promise<void> {
  // Two replicas that renew at once would undo each other's deletions: one waits until the other has committed.
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('scholarship_sage.' || $1, 0))`, [kind]);
  for (let start = 0; start < passages.length; start += BATCH) {
    await tx.query(
      `INSERT INTO passages (passage_id, kind, title, body)
       SELECT p.id, $2, p.title, p.body FROM jsonb_to_recordset($1::jsonb) AS p(id text, title text, body text)
       ON CONFLICT (passage_id) DO UPDATE SET title = excluded.title, body = excluded.body
       WHERE (passages.title, passages.body) IS DISTINCT FROM (excluded.title, excluded.body)`,
      [JSON.stringify(passages.slice(start, start + BATCH)), kind],
    );
  }
  await tx.query(
    `DELETE FROM passages WHERE kind = $1
     AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS kept(id) WHERE kept.id = passage_id)`,
    [kind, passages.map(({ id }) => id)],
  );
}
