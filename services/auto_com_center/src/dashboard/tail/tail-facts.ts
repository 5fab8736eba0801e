import type { Pool } from 'pg';
import { type Cursor, parseCursor } from '../../read/cursor.ts';
import { currentPosition, listEvents } from '../../read/event-store.ts';
import { eventView } from '../../read/event-view.ts';
import { lastRejectedId, listRejected } from '../../rejected/rejected-table.ts';
import { simulatedOf, type ViewFilter, WITHIN, type Within } from '../view-filter.ts';
import { TAIL_ROWS, type Tail } from './tail-page.ts';

/**
 * The newest rows that the filter lets through, or those up to the place where the tail was paused. A place is read
 * before its rows: a row may then come twice, which the page knows by its id, and none is passed by.
 */
export async function readTail(
  pool: Pool,
  shown: ViewFilter & { within: Within },
  nowMs: number,
): Promise<Tail> {
  const since = new Date(nowMs - WITHIN[shown.within].ms);
  const [stored, refused] = await Promise.all([
    shown.show === 'refused' ? NOTHING : readStored(pool, shown, since),
    // A refusal has no type that anybody vouches for.
    shown.show === 'stored' || shown.type !== undefined ? NOTHING : readRefused(pool, shown, since),
  ]);
  return {
    shown,
    stored: stored.rows,
    refused: refused.rows,
    from: { stored: stored.from, refused: refused.from },
  };
}

const NOTHING = { rows: [], from: undefined };

async function readStored(pool: Pool, shown: ViewFilter, since: Date) {
  const place = shown.at === undefined ? undefined : parseCursor(shown.at);
  const from = place ?? (await currentPosition(pool));
  const rows = await listEvents(pool, {
    ...{ app: shown.app, type: shown.type, simulated: simulatedOf(shown), since },
    ...{ order: 'desc', limit: TAIL_ROWS, cursor: place && justAfter(place) },
  });
  return { from, rows: rows.map(eventView) };
}

async function readRefused(pool: Pool, shown: ViewFilter, since: Date) {
  const place = shown.refused_at;
  const from = place ?? (await lastRejectedId(pool));
  const rows = await listRejected(pool, {
    ...{ app: shown.app, code: undefined, simulated: simulatedOf(shown), since, limit: TAIL_ROWS },
    before: place === undefined ? undefined : String(BigInt(place) + 1n),
  });
  return { from, rows };
}

/** The list leaves the row at its cursor out; a place includes it. */
function justAfter({ xid, seq }: Cursor): Cursor {
  return { xid, seq: String(BigInt(seq) + 1n) };
}
