import { EVIDENCE_HOURS, isAppLabel } from '@scholar/contract';
import pg from 'pg';
import type { LostEvidence, SimulatedRows } from '../audit/snapshot.ts';
import type { StoredRow, Target, TracedRefusal, TracedRow, Traces } from '../target/target.ts';
import { operationsHistory } from './operations-history.ts';
import { type FullRow, holdsItsContent } from './row-integrity.ts';

/** More than a verdict a minute leaves in three hours: a table that is gone is seen, and brought back, in one go. */
const TOLD_LOSSES = 2_000;
/** So many of the newest are compared with their content hash at every look. */
const COMPARED_ROWS = 300;

/** Longer than a canary token is good for, with room for a clock of A8 that is wrong. */
const TRACE_MINUTES = 60;
const ROWS_AT_ONCE = 500;

/** How the server's certificate is verified. */
export interface DatabaseTls {
  /** PEM of the authority that signed it. */
  ca: string;
  /** The name that the certificate must have. */
  servername: string;
  /** libpq's verify-ca: the authority is enough. */
  anyName: boolean;
}

function tlsOptions({ ca, servername, anyName }: DatabaseTls) {
  return { ca, servername, ...(anyName ? { checkServerIdentity: () => undefined } : {}) };
}

interface EvidenceRow {
  app_label: string;
  event_id: string;
  seen_at: Date;
}

function lost({ app_label, event_id, seen_at }: EvidenceRow, what: LostEvidence['what']): LostEvidence[] {
  return isAppLabel(app_label) ? [{ what, label: app_label, event_id, seen_at: seen_at.toISOString() }] : [];
}

/** Reads A8's tables directly: a proof that goes through A8 would be A8's word for itself. */
export class HubDatabase {
  readonly #pool: pg.Pool;

  /** What A8 keeps of those who look after the system. */
  readonly history = operationsHistory(
    async <T>(sql: string, values: unknown[]) => (await this.#pool.query(sql, values)).rows as T[],
  );

  /** @param url of A8's role, whose search path holds its tables. @param tls where the url leaves it open. */
  constructor(url: string, tls?: DatabaseTls) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 2,
      connectionTimeoutMillis: 4_000,
      statement_timeout: 5_000,
      application_name: 'scholar-verify',
      ...(tls === undefined ? {} : { ssl: tlsOptions(tls) }),
    });
    // A server that goes away ends idle connections; the next query says so.
    this.#pool.on('error', () => undefined);
  }

  /** Of however many ids: they are asked for in parts, each well within the statement's time. Of none it asks, too: an empty answer is one of the database. */
  async rows(eventIds: readonly string[]): Promise<StoredRow[]> {
    const rows = await this.#rowsOf(eventIds.slice(0, ROWS_AT_ONCE));
    for (let from = ROWS_AT_ONCE; from < eventIds.length; from += ROWS_AT_ONCE)
      rows.push(...(await this.#rowsOf(eventIds.slice(from, from + ROWS_AT_ONCE))));
    return rows;
  }

  async #rowsOf(eventIds: readonly string[]): Promise<StoredRow[]> {
    const result = await this.#pool.query<StoredRow & { received_at: string | Date }>(
      `SELECT event_id, app_label, event_type, received_at, request_id, deliveries, simulated
         FROM events WHERE event_id = ANY($1::uuid[])`,
      [eventIds],
    );
    return result.rows.map((row) => ({ ...row, received_at: new Date(row.received_at).toISOString() }));
  }

  /** Rows by event id, and refusals of the last minutes by canary id: the index of `rejected_events` is by time. */
  async traces({ eventIds, canaryIds }: Parameters<Target['readTraces']>[0]): Promise<Traces> {
    const rows = await this.#pool.query<TracedRow>(
      `SELECT event_id, canary_id, simulated, deliveries,
              encode(sha256(convert_to((to_jsonb(events) - 'deliveries')::text, 'UTF8')), 'hex') AS rest
         FROM events WHERE event_id = ANY($1::uuid[])`,
      [eventIds],
    );
    const refusals = await this.#pool.query<TracedRefusal>(
      `SELECT canary_id, code FROM rejected_events
        WHERE at > now() - make_interval(mins => $2) AND canary_id = ANY($1::text[])`,
      [canaryIds, TRACE_MINUTES],
    );
    return { rows: rows.rows, refusals: refusals.rows };
  }

  async lostEvidence(): Promise<LostEvidence[]> {
    const [gone, changed] = await Promise.all([this.#goneEvidence(), this.#changedEvidence()]);
    return [...gone, ...changed];
  }

  async #goneEvidence(): Promise<LostEvidence[]> {
    const result = await this.#pool.query<EvidenceRow>(
      `SELECT v.app_label, v.event_id, max(v.seen_at) AS seen_at
         FROM verdict_evidence v LEFT JOIN events e USING (event_id)
        WHERE e.event_id IS NULL AND v.seen_at > now() - make_interval(hours => $1)
        GROUP BY v.app_label, v.event_id ORDER BY 3 DESC LIMIT $2`,
      [EVIDENCE_HOURS, TOLD_LOSSES],
    );
    return result.rows.flatMap((row) => lost(row, 'gone'));
  }

  async #changedEvidence(): Promise<LostEvidence[]> {
    const result = await this.#pool.query<FullRow & EvidenceRow & { proven_label: string }>(
      `SELECT v.app_label AS proven_label, v.seen_at, e.*
         FROM (SELECT app_label, event_id, max(seen_at) AS seen_at FROM verdict_evidence
                WHERE seen_at > now() - make_interval(hours => $1)
                GROUP BY app_label, event_id ORDER BY 3 DESC LIMIT $2) v
         JOIN events e USING (event_id)`,
      [EVIDENCE_HOURS, COMPARED_ROWS],
    );
    return result.rows
      .filter((row) => row.app_label !== row.proven_label || !holdsItsContent(row))
      .flatMap(({ proven_label, event_id, seen_at }) =>
        lost({ app_label: proven_label, event_id, seen_at }, 'changed'),
      );
  }

  /** Simulated rows of the last day that came without a canary token; nobody may leave any in production. */
  async simulatedRows(): Promise<SimulatedRows[]> {
    const result = await this.#pool.query<{ app_label: string; count: number; last_at: Date }>(
      `SELECT app_label, count(*)::int AS count, max(received_at) AS last_at FROM events
        WHERE simulated AND canary_id IS NULL AND received_at > now() - make_interval(hours => $1)
        GROUP BY app_label ORDER BY app_label`,
      [EVIDENCE_HOURS],
    );
    return result.rows.flatMap(({ app_label: label, count, last_at }) =>
      isAppLabel(label) ? [{ label, count, lastAt: last_at.toISOString() }] : [],
    );
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
