import { formatCursor } from './cursor.ts';
import type { EventRow } from './event-store.ts';

/** An event as JSON for readers: the columns as they are, and its cursor in place of xid and seq. */
export function eventView(row: EventRow) {
  const { xid, seq, ...columns } = row;
  return { ...columns, cursor: formatCursor({ xid, seq }) };
}

export type EventView = ReturnType<typeof eventView>;
