import type { PoolClient } from 'pg';

export type MatchRun = {
  runId: string;
  eventId: string;
  askedBy: 'user' | 'service' | 'canary';
  catalogue: 'current' | 'stale' | 'unavailable';
  considered: number;
  eligible: number;
  returned: number;
  latencyMs: number;
  success: boolean;
  profileFingerprint: string;
  simulated: boolean;
};

export async function insertMatchRun(tx: PoolClient, run: MatchRun): Promise<void> {
  await tx.query(
    `INSERT INTO match_runs (run_id, event_id, asked_by, catalogue, considered, eligible, returned, latency_ms,
                             success, profile_fingerprint, simulated)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      run.runId,
      run.eventId,
      run.askedBy,
      run.catalogue,
      run.considered,
      run.eligible,
      run.returned,
      run.latencyMs,
      run.success,
      run.profileFingerprint,
      run.simulated,
    ],
  );
}
