import { formatMinute, formatSum, type MinuteDigest } from '@scholar/contract';
import type { Pool } from 'pg';

/** Whole minutes since the epoch; `to` is not included. */
export interface MinuteRange {
  from: number;
  to: number;
}

/**
 * The first 8 bytes of SHA-256 over the id, as the contract's `hashIdBytes`; PostgreSQL reads them with a sign, which is
 * the same mod 2^64.
 */
const HASH = `('x' || encode(substring(sha256(uuid_send(event_id)) FROM 1 FOR 8), 'hex'))::bit(64)::bigint`;

const DIGESTS = `
SELECT date_bin('1 minute', received_at, 'epoch') AS minute, count(*)::int AS count, sum(${HASH})::text AS sum
FROM events WHERE received_at >= $2 AND received_at < $3 AND forwarder_id = $1
GROUP BY 1 ORDER BY 1`;

const IDS = `
SELECT event_id FROM events
WHERE received_at >= $2 AND received_at < $3 AND forwarder_id = $1 AND event_id > $4
ORDER BY event_id LIMIT $5`;

const FORWARDERS = `
SELECT forwarder_id, app_label, count(*)::int AS rows FROM events
WHERE received_at >= $1 AND received_at < $2 AND forwarder_id IS NOT NULL
GROUP BY forwarder_id, app_label`;

/**
 * So much is asked of the database at once: every statement stays far below its time limit, and no snapshot is held for
 * long, whatever window somebody asks for.
 */
const SLICE_MINUTES = 60;

function* slicesOf({ from, to }: MinuteRange): Generator<[from: string, to: string]> {
  for (let minute = from; minute < to; minute += SLICE_MINUTES)
    yield [formatMinute(minute), formatMinute(Math.min(to, minute + SLICE_MINUTES))];
}

/** The set digest of one forwarder's rows, minute by minute, as the rows are now. */
export async function readDigests(
  pool: Pool,
  forwarder: string,
  range: MinuteRange,
): Promise<MinuteDigest[]> {
  const minutes: MinuteDigest[] = [];
  for (const [from, to] of slicesOf(range)) {
    const { rows } = await pool.query<{ minute: Date; count: number; sum: string }>(DIGESTS, [
      forwarder,
      from,
      to,
    ]);
    for (const { minute, count, sum } of rows)
      minutes.push({ minute: minute.toISOString(), count, sum: formatSum(BigInt(sum)) });
  }
  return minutes;
}

/** The ids of one minute, ascending, from the one behind `after` on. */
export async function readIds(
  pool: Pool,
  { forwarder, minute, after, limit }: { forwarder: string; minute: number; after: string; limit: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ event_id: string }>(IDS, [
    forwarder,
    formatMinute(minute),
    formatMinute(minute + 1),
    after,
    limit,
  ]);
  return rows.map(({ event_id }) => event_id);
}

export interface ForwarderRows {
  forwarder_id: string;
  app_label: string;
  rows: number;
}

/** Which forwarders brought rows of this window, the one with the most of them first. */
export async function readForwarders(pool: Pool, range: MinuteRange): Promise<ForwarderRows[]> {
  const found = new Map<string, ForwarderRows>();
  for (const window of slicesOf(range)) {
    const { rows } = await pool.query<ForwarderRows>(FORWARDERS, window);
    for (const row of rows) {
      const key = `${row.app_label} ${row.forwarder_id}`;
      found.set(key, { ...row, rows: row.rows + (found.get(key)?.rows ?? 0) });
    }
  }
  return [...found.values()].sort((a, b) => b.rows - a.rows);
}
