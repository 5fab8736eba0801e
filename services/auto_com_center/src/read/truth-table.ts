import {
  APP_LABELS,
  APPS,
  isUuidV4,
  normalizeEventId,
  type TruthRow,
  type TruthTable,
} from '@scholar/contract';
import type { Pool } from 'pg';
import {
  type LatestHeartbeat,
  type LatestVerdict,
  latestHeartbeat,
  latestVerdict,
  presentEvents,
} from '../operations/operations-table.ts';

/** The newest truth table as it may be believed now. Without any verdict `at` is null and every row unknown. */
export type ShownTruthTable = Omit<TruthTable, 'at' | 'target' | 'environment'> & {
  at: string | null;
  target: string | null;
  environment: TruthTable['environment'] | null;
  verdict_id: string | null;
  age_s: number | null;
  period_s: number;
  heartbeat_age_s: number | null;
  stale: boolean;
};

/** Where no heartbeat has told its period: that of the local supervisor, which verifies every minute. */
const DEFAULT_PERIOD_S = 60;

/** Reads the newest verdict with its heartbeat and looks every evidence id up again. */
export async function readTruthTable(pool: Pool, target: string | undefined): Promise<ShownTruthTable> {
  const verdict = await latestVerdict(pool, target);
  if (verdict === undefined) return NO_VERDICT;
  const [heartbeat, present] = await Promise.all([
    latestHeartbeat(pool, verdict.document.target),
    presentEvents(pool, eventIdsOf(verdict.document)),
  ]);
  return showTruthTable({ verdict, heartbeat, present });
}

/**
 * Pure. A verdict expires: when the table or the operator's heartbeat is older than two periods, nobody is looking
 * any more and every verdict is unknown. A green row whose event is no longer in the database is red: no green
 * without a row.
 */
export function showTruthTable(facts: {
  verdict: LatestVerdict;
  heartbeat: LatestHeartbeat | undefined;
  present: ReadonlySet<string>;
}): ShownTruthTable {
  const { verdict, heartbeat, present } = facts;
  const { document } = verdict;
  const periodS = heartbeat?.periodS ?? DEFAULT_PERIOD_S;
  const staleness = whyStale(verdict.ageS, heartbeat, periodS);
  const table = document.table.map((row) =>
    staleness === undefined
      ? withRow(row, present)
      : { ...row, verdict: 'unknown' as const, reasons: [...row.reasons, staleness] },
  );
  return {
    ...document,
    ok: document.ok && table.every((row) => row.verdict === 'green'),
    table,
    verdict_id: verdict.id,
    age_s: round(verdict.ageS),
    period_s: periodS,
    heartbeat_age_s: heartbeat === undefined ? null : round(heartbeat.ageS),
    stale: staleness !== undefined,
  };
}

function whyStale(ageS: number, heartbeat: LatestHeartbeat | undefined, periodS: number): string | undefined {
  const limit = 2 * periodS;
  if (ageS > limit) return `The verdict is ${Math.round(ageS)} s old; after ${limit} s it is not believed.`;
  if (heartbeat !== undefined && heartbeat.ageS > limit) {
    return `The operator's last heartbeat is ${Math.round(heartbeat.ageS)} s old; after ${limit} s nobody is looking.`;
  }
  return undefined;
}

function withRow(row: TruthRow, present: ReadonlySet<string>): TruthRow {
  if (row.verdict !== 'green') return row;
  const id = row.event.event_id;
  if (id !== null && present.has(normalizeEventId(id))) return row;
  const reason = `The event ${id ?? '(none)'} is not in the database.`;
  return { ...row, event: { ...row.event, row: false }, verdict: 'red', reasons: [...row.reasons, reason] };
}

function eventIdsOf(document: TruthTable): string[] {
  return document.table.flatMap(({ event }) =>
    isUuidV4(event.event_id) ? [normalizeEventId(event.event_id)] : [],
  );
}

function round(seconds: number): number {
  return Math.round(Math.max(0, seconds) * 10) / 10;
}

const NO_VERDICT: ShownTruthTable = {
  at: null,
  target: null,
  environment: null,
  verdict_id: null,
  age_s: null,
  period_s: DEFAULT_PERIOD_S,
  heartbeat_age_s: null,
  stale: true,
  p95_write_ms: null,
  ok: false,
  table: APP_LABELS.map((label) => ({
    app: APPS[label].number,
    label,
    config: { ok: false, missing: [] },
    reachable: { health: false, ready: false, p95_ms: null },
    event: {
      event_id: null,
      request_id: null,
      at: null,
      persisted: null,
      row: null,
      row_at: null,
      write_ms: null,
      retries: null,
    },
    verdict: 'unknown',
    reasons: ['Nobody has verified yet: run "scholar verify".'],
  })),
  simulations: [],
};
