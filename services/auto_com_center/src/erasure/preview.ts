import type { Pool } from 'pg';
import type { Cursor } from '../read/cursor.ts';

/** What an erasure would find among some rows. */
export interface Preview {
  /** Rows that still hold content of this actor. */
  events: number;
  by_app: Record<string, number>;
  oldest: Date | null;
  newest: Date | null;
  /** Where to go on; undefined at the end. */
  last: Cursor | undefined;
}

type Found = { app_label: string; n: number; oldest: Date; newest: Date };

const COUNT = `
WITH scanned AS MATERIALIZED (
  SELECT app_label, actor_id, erased_at, received_at, xid, seq FROM events
  WHERE (xid, seq) > ($1::xid8, $2::bigint) ORDER BY events.xid, events.seq LIMIT $3
), last AS (SELECT xid, seq FROM scanned ORDER BY xid DESC, seq DESC LIMIT 1)
SELECT (SELECT count(*)::int FROM scanned) AS scanned,
       (SELECT xid::text FROM last) AS xid, (SELECT seq::text FROM last) AS seq,
       (SELECT coalesce(jsonb_agg(found), '[]') FROM (
          SELECT app_label, count(*)::int AS n, min(received_at) AS oldest, max(received_at) AS newest
          FROM scanned WHERE actor_id = $4 AND erased_at IS NULL GROUP BY app_label ORDER BY app_label
       ) AS found) AS found`;

type Answer = { scanned: number; xid: string | null; seq: string | null; found: Found[] };

/** Counts among the next `limit` rows after `after`; changes nothing. There is no index over actors: each would cost every write. */
export async function previewErasure(
  pool: Pool,
  { actorId, after, limit }: { actorId: string; after: Cursor | undefined; limit: number },
): Promise<Preview> {
  const { xid, seq } = after ?? { xid: '0', seq: '0' };
  const { rows } = await pool.query<Answer>(COUNT, [xid, seq, limit, actorId]);
  const answer = rows[0] ?? { scanned: 0, xid: null, seq: null, found: [] };
  const times = (pick: 'oldest' | 'newest'): Date[] => answer.found.map((found) => new Date(found[pick]));
  return {
    events: answer.found.reduce((sum, { n }) => sum + n, 0),
    by_app: Object.fromEntries(answer.found.map(({ app_label, n }) => [app_label, n])),
    oldest: times('oldest').sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
    newest: times('newest').sort((a, b) => b.getTime() - a.getTime())[0] ?? null,
    last:
      answer.scanned === limit && answer.xid !== null && answer.seq !== null
        ? { xid: answer.xid, seq: answer.seq }
        : undefined,
  };
}
