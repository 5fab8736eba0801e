import { HUB_LABEL } from '@scholar/contract';
import type { Pool } from 'pg';

type Step = { confirmed_at: Date | null; last_problem: string | null };

/** What forwarders keep of somebody; how many there are and how many have not confirmed is null until that was told. */
export type ForwarderStep = Step & { forwarders: number | null; waiting: number | null };

/** How far a request is: of each party what it keeps itself, and of the services what their forwarders keep. */
export type ErasureStatus = {
  request_id: string;
  requested_at: Date;
  /** Everybody has confirmed everything. */
  finished_at: Date | null;
  /** A8 has no forwarder of its own. */
  parties: ({ party: string } & Step & { forwarders: ForwarderStep | null })[];
};

type Row = { party: string } & Step & {
    asked: boolean;
    forwarders: number | null;
    waiting: number | null;
    told_at: Date | null;
    told_problem: string | null;
  };

export async function findStatus(pool: Pool, requestId: string): Promise<ErasureStatus | undefined> {
  const found = await pool.query<Omit<ErasureStatus, 'parties'>>(
    'SELECT request_id, requested_at, finished_at FROM erasure_requests WHERE request_id = $1',
    [requestId],
  );
  const request = found.rows[0];
  if (!request) return undefined;
  const { rows } = await pool.query<Row>(
    `SELECT s.*, f.party IS NOT NULL AS asked, f.forwarders, f.waiting,
            f.confirmed_at AS told_at, f.last_problem AS told_problem
       FROM (SELECT party, confirmed_at, last_problem FROM erasure_confirmations WHERE request_id = $1
             UNION ALL
             SELECT 'scholar_auth', coalesce(account_erased_at, finished_at), NULL
               FROM erasure_requests WHERE request_id = $1) s
       LEFT JOIN erasure_forwarders f ON f.request_id = $1 AND f.party = s.party
      ORDER BY s.party`,
    [requestId],
  );
  // A request that a release back has ended knows nothing of forwarders.
  const unknown = (row: Row) => row.party === HUB_LABEL || (!row.asked && request.finished_at !== null);
  return {
    ...request,
    parties: rows.map((row) => ({
      ...{ party: row.party, confirmed_at: row.confirmed_at, last_problem: row.last_problem },
      forwarders: unknown(row)
        ? null
        : {
            ...{ confirmed_at: row.told_at, last_problem: row.told_problem },
            ...{ forwarders: row.forwarders, waiting: row.waiting },
          },
    })),
  };
}

export type Overdue = { requestedAt: Date; waits: string[] };

/** Requests that have been open since before that time, and for whom they wait; of nobody in particular. */
export async function overdueRequests(pool: Pool, before: Date): Promise<Overdue[]> {
  const { rows } = await pool.query<Overdue>(
    `SELECT requested_at AS "requestedAt", ARRAY(
              SELECT party FROM erasure_confirmations c
               WHERE c.request_id = r.request_id AND confirmed_at IS NULL
               UNION
              SELECT 'forwarders of ' || party FROM erasure_forwarders f
               WHERE f.request_id = r.request_id AND confirmed_at IS NULL ORDER BY 1) AS waits
       FROM erasure_requests r WHERE finished_at IS NULL AND requested_at < $1 ORDER BY requested_at LIMIT 20`,
    [before],
  );
  return rows;
}
