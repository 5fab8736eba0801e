import { ERASED_ACTOR, ERASED_SOURCE } from '@scholar/contract';
import type { Pool } from 'pg';
import { RETURNING_STORED, type StoredRow, type WriteRows, writeStored } from '../ingest/events-table.ts';
import type { Row } from '../ingest/fold.ts';
import type { ErasedActors } from './erased-actors.ts';

/** What takes the place of a text that could lead to the person. */
export const ERASED_TEXT = '-';

/** The columns of an erased row that say nothing any more; SQL. */
export const EMPTIED = `actor_id = '${ERASED_ACTOR}', session_id = NULL, source = '${ERASED_SOURCE}', payload = '{}',
  content_hash = '\\x', request_id = '${ERASED_TEXT}', traceparent = NULL`;

/**
 * An id that is there already is a duplicate where its row is erased too, or is the same event by what the tombstone
 * still tells; anything else is a conflict, as always.
 */
const INSERT_ERASED = `
INSERT INTO events (event_id, app_label, event_type, occurred_at, actor_id, source, payload, simulated, content_hash,
                    deliveries, request_id, key_id, canary_id, forwarder_id, erased_at)
SELECT event_id, app_label, event_type, occurred_at, '${ERASED_ACTOR}', '${ERASED_SOURCE}', '{}', simulated, '\\x',
       deliveries, '${ERASED_TEXT}', key_id, canary_id, forwarder_id, clock_timestamp()
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[], $6::integer[], $7::text[], $8::text[], $9::text[])
  AS batch (event_id, app_label, event_type, occurred_at, simulated, deliveries, key_id, canary_id, forwarder_id)
ON CONFLICT (event_id) DO UPDATE SET deliveries = events.deliveries + excluded.deliveries
WHERE events.erased_at IS NOT NULL
   OR (events.app_label, events.event_type, events.occurred_at) = (excluded.app_label, excluded.event_type, excluded.occurred_at)
${RETURNING_STORED}`;

/**
 * Writes events of erased actors as erased rows, by a statement of their own, and leaves all others to `writeRows`: who
 * is not erased pays one comparison.
 */
export function withErasedRows(
  writeRows: WriteRows,
  deps: { pool: Pool; actors: ErasedActors; onErased: (rows: number) => void },
): WriteRows {
  const { pool, actors, onErased } = deps;
  return async (rows) => {
    if (!actors.isFresh) await actors.refresh();
    const isErased = ({ entry: { event } }: Row): boolean => actors.covers(event.actor_id, event.occurred_at);
    const erased = rows.filter(isErased);
    if (erased.length === 0) return writeRows(rows);
    const stored = await insertErased(pool, erased);
    onErased([...stored.values()].filter(({ inserted }) => inserted).length);
    const others = rows.filter((row) => !erased.includes(row));
    if (others.length > 0) for (const [id, row] of await writeRows(others)) stored.set(id, row);
    return stored;
  };
}

function insertErased(pool: Pool, rows: readonly Row[]): Promise<Map<string, StoredRow>> {
  const of = <T>(value: (row: Row) => T): T[] => rows.map(value);
  const values = [
    of(({ entry }) => entry.eventId),
    of(({ entry }) => entry.label),
    of(({ entry }) => entry.event.event_type),
    of(({ entry }) => entry.event.occurred_at),
    of(({ entry }) => entry.simulated),
    of(({ members }) => members.length),
    of(({ entry }) => entry.keyId),
    of(({ entry }) => entry.canaryId ?? null),
    of(({ entry }) => entry.forwarderId ?? null),
  ];
  return writeStored(pool, { name: 'insert_erased', text: INSERT_ERASED, values });
}
