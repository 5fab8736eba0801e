import type { PoolClient } from 'pg';

export type AnswerRow = {
  answerId: string;
  eventId: string;
  latencyMs: number;
  success: boolean;
  supported: boolean;
  provider: 'extractive' | 'llm';
  citations: number;
  simulated: boolean;
};

export async function insertAnswer(tx: PoolClient, row: AnswerRow): Promise<void> {
  await tx.query(
    `INSERT INTO answers_log (answer_id, event_id, latency_ms, success, supported, provider, citations, simulated)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      row.answerId,
      row.eventId,
      row.latencyMs,
      row.success,
      row.supported,
      row.provider,
      row.citations,
      row.simulated,
    ],
  );
}
