import type { Pool } from 'pg';
import { listRejected } from '../../rejected/rejected-table.ts';
import { simulatedOf, type ViewFilter, WITHIN, type Within } from '../view-filter.ts';
import type { MinuteCounts } from '../volume/minute-counts.ts';
import { WINDOW_MINUTES } from '../volume/volume-page.ts';
import { countRefused } from './refused-counts.ts';
import type { Refused } from './refused-page.ts';

const PAGE = 50;

export async function readRefused(
  deps: { pool: Pool; counts: MinuteCounts; nowMs: number },
  shown: ViewFilter & { within: Within },
): Promise<Refused> {
  const { pool, nowMs } = deps;
  const since = new Date(nowMs - WITHIN[shown.within].ms);
  const simulated = simulatedOf(shown);
  const { app, code, before } = shown;
  const [counts, accepted, rows] = await Promise.all([
    countRefused(pool, { since, simulated }),
    acceptedBy(deps.counts, shown),
    listRejected(pool, { app, code, simulated, since, before, limit: PAGE }),
  ]);
  return { shown, counts, accepted, rows, older: rows.length === PAGE ? rows.at(-1)?.id : undefined };
}

/** Rows that were stored, by app. Undefined for a window that is not counted, or not yet as a whole. */
async function acceptedBy(
  counts: MinuteCounts,
  shown: ViewFilter & { within: Within },
): Promise<Refused['accepted']> {
  if (shown.within === '7d') return undefined;
  const counted = await counts.count(WINDOW_MINUTES[shown.within]).catch(() => undefined);
  if (counted === undefined || counted.uncounted > 0) return undefined;
  const simulated = simulatedOf(shown);
  const accepted = new Map<string, number>();
  for (const cell of counted.cells) {
    if (simulated !== null && cell.simulated !== simulated) continue;
    accepted.set(cell.app, (accepted.get(cell.app) ?? 0) + cell.count);
  }
  return accepted;
}
