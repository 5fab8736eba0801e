import { isAppLabel } from '@scholar/contract';
import pg from 'pg';
import type { LostEvidence } from '../audit/snapshot.ts';
import type { StoredRow } from '../target/target.ts';

/** Evidence older than this has done its work; simulated rows may expire from then on. */
const EVIDENCE_HOURS = 24;

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

/** Reads A8's tables directly: a proof that goes through A8 would be A8's word for itself. */
export class HubDatabase {
  readonly #pool: pg.Pool;

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

  async rows(eventIds: readonly string[]): Promise<StoredRow[]> {
    const result = await this.#pool.query<StoredRow & { received_at: string | Date }>(
      `SELECT event_id, app_label, event_type, received_at, request_id, deliveries, simulated
         FROM events WHERE event_id = ANY($1::uuid[])`,
      [eventIds],
    );
    return result.rows.map((row) => ({ ...row, received_at: new Date(row.received_at).toISOString() }));
  }

  async lostEvidence(): Promise<LostEvidence[]> {
    const result = await this.#pool.query<{ app_label: string; event_id: string; seen_at: Date }>(
      `SELECT v.app_label, v.event_id, max(v.seen_at) AS seen_at
         FROM verdict_evidence v LEFT JOIN events e USING (event_id)
        WHERE e.event_id IS NULL AND v.seen_at > now() - make_interval(hours => $1)
        GROUP BY v.app_label, v.event_id ORDER BY 3 DESC LIMIT 100`,
      [EVIDENCE_HOURS],
    );
    return result.rows.flatMap(({ app_label, event_id, seen_at }) =>
      isAppLabel(app_label) ? [{ label: app_label, event_id, seen_at: seen_at.toISOString() }] : [],
    );
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
