import { contentHash, isSimulated, parseEvent } from '@scholar/contract';

/** What A8's table holds of one event. */
export interface FullRow {
  app_label: string;
  event_type: string;
  occurred_at: Date;
  actor_id: string;
  session_id: string | null;
  source: string;
  payload: unknown;
  simulated: boolean;
  content_hash: Buffer;
  /** Absent in databases of a release that did not erase. */
  erased_at?: Date | null;
}

/**
 * Whether a row still holds what was acknowledged: its content hash is that of its content (contract: content hash).
 * Only for events whose `occurred_at` was written in milliseconds and UTC, as our own services do: the column keeps
 * the moment, not the text. An erased row has lost its content by order.
 */
export function holdsItsContent(row: FullRow): boolean {
  if (row.erased_at !== null && row.erased_at !== undefined) return true;
  const parsed = parseEvent({
    event_type: row.event_type,
    occurred_at: row.occurred_at.toISOString(),
    actor_id: row.actor_id,
    ...(row.session_id === null ? {} : { session_id: row.session_id }),
    source: row.source,
    payload: row.payload,
  });
  if (!parsed.ok || isSimulated(parsed.event) !== row.simulated) return false;
  return contentHash(row.app_label, parsed.event).equals(row.content_hash);
}
