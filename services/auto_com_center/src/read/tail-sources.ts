import type { Pool } from 'pg';
import { lastRejectedId, listRejectedAfter, type RejectedFilter } from '../rejected/rejected-table.ts';
import { type Cursor, formatCursor, parseCursor } from './cursor.ts';
import type { EventFilter } from './event-filter.ts';
import { currentPosition, eventsAfter } from './event-store.ts';
import { eventView } from './event-view.ts';
import type { TailSource } from './live-tails.ts';

/** Rows of one look; a client that lags gets them page after page. */
const PAGE = 200;

/** Stored events in the order of the cursor: none is passed by, however late it commits. */
export function eventTail(pool: Pool, filter: EventFilter): TailSource {
  return {
    start: async () => formatCursor(await currentPosition(pool)),
    async after(position) {
      const page = await eventsAfter(pool, parseCursor(position) ?? NOWHERE, { ...filter, limit: PAGE });
      return {
        messages: page.rows.map((row) => ({ id: formatCursor(row), data: eventView(row) })),
        position: formatCursor(page.cursor),
        full: page.rows.length === PAGE,
      };
    },
  };
}

const NOWHERE: Cursor = { xid: '0', seq: '0' };

/**
 * Refusals by their id. A row whose INSERT began earlier and commits later than one that was shown is passed by here;
 * the list has it. Nothing rests on a tail of refusals.
 */
export function rejectedTail(pool: Pool, filter: RejectedFilter): TailSource {
  return {
    start: () => lastRejectedId(pool),
    async after(position) {
      const rows = await listRejectedAfter(pool, { ...filter, after: position, limit: PAGE });
      return {
        messages: rows.map((row) => ({ id: row.id, data: row })),
        position: rows.at(-1)?.id ?? position,
        full: rows.length === PAGE,
      };
    },
  };
}
