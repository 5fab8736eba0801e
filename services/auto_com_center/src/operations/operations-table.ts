import type { Heartbeat, RepairRecord, TruthTable } from '@scholar/contract';
import { inTransaction } from '@scholar/runtime/db';
import type { Pool } from 'pg';
import { evidenceOf } from './evidence.ts';

/** Stores a truth table and the events that it rests on, all or nothing. Returns the id of the verdict. */
export function insertVerdict(pool: Pool, table: TruthTable): Promise<string> {
  return inTransaction(pool, async (tx) => {
    const verdict = await tx.query<{ id: string }>(
      `INSERT INTO verdicts (at, target, environment, ok, document) VALUES ($1, $2, $3, $4, $5) RETURNING id::text`,
      [table.at, table.target, table.environment, table.ok, JSON.stringify(table)],
    );
    const id = verdict.rows[0]?.id ?? '';
    const evidence = evidenceOf(table);
    await tx.query(
      `INSERT INTO verdict_evidence (verdict_id, event_id, app_label, seen_at)
       SELECT $1, event_id, app_label, seen_at
       FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS batch (event_id, app_label, seen_at)
       ON CONFLICT DO NOTHING`,
      [
        id,
        evidence.map(({ eventId }) => eventId),
        evidence.map(({ label }) => label),
        evidence.map(({ seenAt }) => seenAt),
      ],
    );
    return id;
  });
}

export async function insertRepair(pool: Pool, repair: RepairRecord): Promise<string> {
  const result = await pool.query<{ id: string }>(
    `INSERT INTO repairs (at, target, finding_code, app, applied, ok, document)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id::text`,
    [
      repair.at,
      repair.target,
      repair.finding.code,
      repair.finding.app,
      repair.applied,
      repair.ok,
      JSON.stringify(repair),
    ],
  );
  return result.rows[0]?.id ?? '';
}

export async function insertHeartbeat(pool: Pool, heartbeat: Heartbeat): Promise<string> {
  const result = await pool.query<{ id: string }>(
    `INSERT INTO heartbeats (at, target, period_s, version) VALUES ($1, $2, $3, $4) RETURNING id::text`,
    [heartbeat.at, heartbeat.target, Math.ceil(heartbeat.period_s), heartbeat.version],
  );
  return result.rows[0]?.id ?? '';
}

/** The newest truth table of a target (of any, without one), its age by A8's clock, and the operator's heartbeat. */
export type LatestVerdict = { id: string; ageS: number; document: TruthTable };
export type LatestHeartbeat = { ageS: number; periodS: number };

/** The order names the table's column: the shown one is text, and there '9' comes after '10'. */
export async function latestVerdict(
  pool: Pool,
  target: string | undefined,
): Promise<LatestVerdict | undefined> {
  const result = await pool.query<LatestVerdict>(
    `SELECT id::text, document, extract(epoch FROM clock_timestamp() - received_at)::float8 AS "ageS"
     FROM verdicts WHERE $1::text IS NULL OR target = $1 ORDER BY verdicts.id DESC LIMIT 1`,
    [target ?? null],
  );
  return result.rows[0];
}

export async function latestHeartbeat(pool: Pool, target: string): Promise<LatestHeartbeat | undefined> {
  const result = await pool.query<LatestHeartbeat>(
    `SELECT period_s AS "periodS", extract(epoch FROM clock_timestamp() - received_at)::float8 AS "ageS"
     FROM heartbeats WHERE target = $1 ORDER BY id DESC LIMIT 1`,
    [target],
  );
  return result.rows[0];
}

/** Of these event ids, those that are rows now. */
export async function presentEvents(pool: Pool, eventIds: readonly string[]): Promise<Set<string>> {
  if (eventIds.length === 0) return new Set();
  const result = await pool.query<{ event_id: string }>(
    'SELECT event_id FROM events WHERE event_id = ANY ($1::uuid[])',
    [eventIds],
  );
  return new Set(result.rows.map(({ event_id }) => event_id));
}
