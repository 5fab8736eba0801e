import { countRows } from '../rows.ts';
import type { Site } from '../system.ts';

/** Between two moments, milliseconds since 1970, and the rows a second that were committed between them. */
export type CommitWindow = { fromMs: number; toMs: number; perSecond: number };

/** The first and the last tenth are left out: windows open, and forwarders end one after the other. */
const FROM = 0.1;
const TO = 0.9;

/** When the first and all but the last tenth of the rows of the table were there, by PostgreSQL's own record. */
export async function commitWindow({ admin }: Pick<Site, 'admin'>): Promise<CommitWindow> {
  const { rows } = await admin.query<{ bounds: number[] }>(
    `SELECT percentile_cont($1::float8[]) WITHIN GROUP (
       ORDER BY extract(epoch FROM pg_xact_commit_timestamp(xid::xid))::float8 * 1000) AS bounds FROM events`,
    [[FROM, TO]],
  );
  const [fromMs = Number.NaN, toMs = Number.NaN] = rows[0]?.bounds ?? [];
  const counted = (TO - FROM) * (await countRows(admin));
  return { fromMs, toMs, perSecond: (counted * 1_000) / (toMs - fromMs) };
}
