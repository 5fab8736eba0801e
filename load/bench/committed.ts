import type { DueTimes } from './due-times.ts';
import type { Site } from './system.ts';

/** Without it PostgreSQL does not keep when a transaction committed. */
export const COMMIT_TIMES = { track_commit_timestamp: 'on' } as const;

/** Sorted: from when each event was due to the commit of its transaction. @throws Error when one is no row */
export async function committedAfter(
  { admin }: Pick<Site, 'admin'>,
  { ids, dueMs }: DueTimes,
): Promise<Float64Array> {
  const { rows } = await admin.query<{ ms: number }>(
    `SELECT extract(epoch FROM pg_xact_commit_timestamp(events.xid::xid))::float8 * 1000 - sent.ms AS ms
     FROM unnest($1::uuid[], $2::float8[]) AS sent (id, ms) JOIN events ON event_id = sent.id`,
    [ids, dueMs],
  );
  if (rows.length !== ids.length) throw new Error(`of ${ids.length} events ${rows.length} are rows`);
  return Float64Array.from(rows, ({ ms }) => ms).sort();
}
