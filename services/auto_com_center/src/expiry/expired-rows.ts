import { EVIDENCE_HOURS } from '@scholar/contract';
import { inTransaction } from '@scholar/runtime/db';
import type { Pool, PoolClient } from 'pg';

/** Days for which rows are kept. */
export interface Retention {
  simulatedDays: number;
  rejectedDays: number;
  /** Of truth tables, the list of their evidence, and heartbeats. */
  verdictDays: number;
}

export const EXPIRING_TABLES = ['events', 'rejected_events', 'verdicts', 'heartbeats'] as const;
export type ExpiringTable = (typeof EXPIRING_TABLES)[number];

/**
 * A row that a truth table still names stays, whatever its age: evidence of the last day, which audits look for, and that
 * of each target's newest table ($4), which A8 shows. SKIP LOCKED: an event that is delivered once more right now waits
 * for nobody.
 */
const SIMULATED = `
WITH batch AS (
  SELECT event_id FROM events
  WHERE simulated AND received_at < now() - make_interval(days => $1)
    AND NOT EXISTS (
      SELECT FROM verdict_evidence AS proof WHERE proof.event_id = events.event_id
        AND (proof.seen_at > now() - make_interval(hours => $3) OR proof.verdict_id = ANY ($4::bigint[])))
  ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
DELETE FROM events USING batch WHERE events.event_id = batch.event_id AND events.simulated`;

const REJECTED = `
WITH batch AS (
  SELECT id FROM rejected_events WHERE at < now() - make_interval(days => $1)
  ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED
)
DELETE FROM rejected_events USING batch WHERE rejected_events.id = batch.id`;

/** Ids grow with time, so the oldest are looked at and no others: one that must stay ($3) is passed by. */
function reported(table: 'verdicts' | 'heartbeats'): string {
  return `
WITH batch AS (
  SELECT id FROM ${table}
  WHERE id <= (SELECT max(id) FROM (SELECT id FROM ${table} ORDER BY id LIMIT $2) AS oldest)
    AND received_at < now() - make_interval(days => $1) AND id <> ALL ($3::bigint[])
  FOR UPDATE SKIP LOCKED
)
DELETE FROM ${table} USING batch WHERE ${table}.id = batch.id`;
}

/** "a8 x": one replica at a time; in one database with other schemas, each has its own. */
const LOCK_CLASS = 0x61387878;

async function isOurs(tx: PoolClient): Promise<boolean> {
  const { rows } = await tx.query<{ ours: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1, hashtext(current_schema())) AS ours',
    [LOCK_CLASS],
  );
  return rows[0]?.ours === true;
}

/** The newest report of each target, which is never deleted: its age is what A8 alarms about. */
async function newest(tx: PoolClient, table: 'verdicts' | 'heartbeats'): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(`SELECT max(id)::text AS id FROM ${table} GROUP BY target`);
  return rows.map(({ id }) => id);
}

/**
 * Deletes up to `limit` expired rows of one table in one short transaction: all of them or none. The locks of two
 * replicas keep them apart for that long, whatever stands between them and PostgreSQL.
 * @returns how many were deleted, or `elsewhere` while another replica is at it.
 * @throws whatever pg throws; then nothing was deleted.
 */
export function deleteExpired(
  pool: Pool,
  { table, retention, limit }: { table: ExpiringTable; retention: Retention; limit: number },
): Promise<number | 'elsewhere'> {
  return inTransaction(pool, async (tx) => {
    if (!(await isOurs(tx))) return 'elsewhere';
    const { rowCount } = await deleteFrom(tx, table, { retention, limit });
    return rowCount ?? 0;
  });
}

async function deleteFrom(
  tx: PoolClient,
  table: ExpiringTable,
  { retention, limit }: { retention: Retention; limit: number },
) {
  switch (table) {
    case 'events': {
      const shown = await newest(tx, 'verdicts');
      return tx.query(SIMULATED, [retention.simulatedDays, limit, EVIDENCE_HOURS, shown]);
    }
    case 'rejected_events':
      return tx.query(REJECTED, [retention.rejectedDays, limit]);
    case 'verdicts':
    case 'heartbeats':
      return tx.query(reported(table), [retention.verdictDays, limit, await newest(tx, table)]);
  }
}
