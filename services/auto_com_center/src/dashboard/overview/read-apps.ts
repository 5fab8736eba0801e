import type { Pool } from 'pg';
import type { WriteLatency } from '../../ingest/write-latency.ts';
import type { ShownTruthTable } from '../../read/truth-table.ts';
import type { Sightings } from '../../sightings/sightings.ts';
import type { Cell, MinuteCounts } from '../volume/minute-counts.ts';
import { readAppFacts } from './app-facts.ts';
import type { AppState } from './apps-view.ts';

/** The state of every app, of what A8 saw itself and what the truth table says. */
export async function readApps(deps: {
  pool: Pool;
  counts: MinuteCounts;
  latency: WriteLatency;
  sightings: Pick<Sightings, 'flush'>;
  truthTable: ShownTruthTable;
}): Promise<AppState[]> {
  const { pool, counts, latency, sightings, truthTable } = deps;
  await sightings.flush();
  const [facts, counted] = await Promise.all([readAppFacts(pool), counts.count(60).catch(() => undefined)]);
  const whole = counted !== undefined && counted.uncounted === 0;
  return facts.map((app) => ({
    ...app,
    lastEventAt: latestOf(app.lastEventAt, realCells(counted?.cells ?? [], app.label)),
    events1h: whole ? realCells(counted.cells, app.label).reduce((sum, { count }) => sum + count, 0) : null,
    p95Ms: latency.ofApp(app.label).p95,
    row: truthTable.table.find(({ label }) => label === app.label),
  }));
}

function realCells(cells: readonly Cell[], label: string): Cell[] {
  return cells.filter(({ app, simulated }) => app === label && !simulated);
}

/** Sightings are counted in memory and may miss the last second before a crash; the rows do not. */
function latestOf(sightedAt: Date | null, cells: readonly Cell[]): Date | null {
  const minutes = cells.map(({ minute }) => minute * 60_000);
  const latestMs = Math.max(sightedAt?.getTime() ?? Number.NEGATIVE_INFINITY, ...minutes);
  return Number.isFinite(latestMs) ? new Date(latestMs) : null;
}
