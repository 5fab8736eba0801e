import type { Pool, PoolClient } from 'pg';

export async function insertMatchRequest(
  tx: PoolClient,
  request: { requestId: string; eventId: string; userId: string; simulated: boolean },
): Promise<void> {
  await tx.query(
    'INSERT INTO match_requests (request_id, event_id, user_id, simulated) VALUES ($1, $2, $3, $4)',
    [request.requestId, request.eventId, request.userId, request.simulated],
  );
}

/** Notes how a request ended. */
export async function settleMatchRequest(
  pool: Pool,
  requestId: string,
  end: { outcome: 'ok' | 'unavailable'; matches: number; waitedMs: number },
): Promise<void> {
  await pool.query(
    'UPDATE match_requests SET outcome = $2, matches = $3, waited_ms = $4 WHERE request_id = $1',
    [requestId, end.outcome, end.matches, end.waitedMs],
  );
}
