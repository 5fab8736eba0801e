import type { Hops, TruthTable } from '@scholar/contract';
import type { Pool } from 'pg';
import type { EventView } from '../../read/event-view.ts';
import type { RejectedRow } from '../../rejected/rejected-table.ts';

/** What A8 knows of an event beside its row. */
export type EventStory = {
  /** The newest truth table that rests on it. */
  evidence: { verdictId: string; at: Date; target: string; hops: Hops | undefined } | undefined;
  /** Refusals under the same id: other content, or earlier tries. */
  refusals: Pick<RejectedRow, 'id' | 'at' | 'code' | 'pointer'>[];
};

const DAY_MS = 86_400_000;

export async function readEventStory(pool: Pool, event: EventView): Promise<EventStory> {
  const [evidence, refusals] = await Promise.all([readEvidence(pool, event), readRefusals(pool, event)]);
  return { evidence, refusals };
}

async function readEvidence(pool: Pool, { event_id }: EventView): Promise<EventStory['evidence']> {
  const result = await pool.query<{ id: string; at: Date; target: string; document: TruthTable }>(
    `SELECT verdicts.id::text, verdicts.at, verdicts.target, verdicts.document
     FROM verdict_evidence JOIN verdicts ON verdicts.id = verdict_evidence.verdict_id
     WHERE verdict_evidence.event_id = $1 ORDER BY verdicts.id DESC LIMIT 1`,
    [event_id],
  );
  const [verdict] = result.rows;
  if (verdict === undefined) return undefined;
  const { id, at, target, document } = verdict;
  return {
    verdictId: id,
    at,
    target,
    hops: document.table.find(({ event }) => event.event_id === event_id)?.hops,
  };
}

/** By the index on time, a day around the row: refusals have no index by event id, and would pay for it at each write. */
async function readRefusals(
  pool: Pool,
  { event_id, received_at }: EventView,
): Promise<EventStory['refusals']> {
  const result = await pool.query<EventStory['refusals'][number]>(
    `SELECT id::text, at, code, pointer FROM rejected_events
     WHERE at BETWEEN $2 AND $3 AND event_id = $1 ORDER BY rejected_events.id DESC LIMIT 20`,
    [event_id, new Date(received_at.getTime() - DAY_MS), new Date(received_at.getTime() + DAY_MS)],
  );
  return result.rows;
}
