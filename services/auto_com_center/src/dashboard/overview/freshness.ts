import type { TruthRow } from '@scholar/contract';
import { span } from '../times.ts';

/**
 * Quiet or dead. `live`: real events come in. `quiet`: none, but its canary became a row, so the path is open.
 * `too_quiet`: fewer than its declared least. `dead`: its canary became no row. `unknown`: nobody has looked lately.
 */
export type Freshness = {
  state: 'live' | 'quiet' | 'too_quiet' | 'dead' | 'unknown';
  why: string;
};

export type FreshnessFacts = {
  /** Since the last real event; null where none was ever seen. Seconds. */
  sinceEventS: number | null;
  /** Real events of the last hour; null where they could not be counted. */
  lastHour: number | null;
  /** The app's row of the newest truth table, as it may be believed now. */
  row: TruthRow | undefined;
};

/** An event younger than this is life enough. */
const LIVE_S = 300;

/** Pure. A real event proves more than a canary; without one the canary tells whether the way is open. */
export function freshnessOf({ sinceEventS, lastHour, row }: FreshnessFacts): Freshness {
  const least = row?.minimum_per_hour ?? 0;
  const canary = canaryOf(row);
  if (canary === 'lost')
    return { state: 'dead', why: 'Its canary became no row: what it reports does not arrive.' };
  if (least > 0 && lastHour !== null && lastHour < least)
    return {
      state: canary === 'arrived' ? 'too_quiet' : 'unknown',
      why: `${lastHour} real events in an hour; at least ${least} are declared. ${PATH[canary]}`,
    };
  if (sinceEventS !== null && sinceEventS <= LIVE_S)
    return { state: 'live', why: `A real event ${span(sinceEventS)} ago.` };
  const silence =
    sinceEventS === null ? 'No real event was ever seen.' : `No real event for ${span(sinceEventS)}.`;
  return { state: canary === 'arrived' ? 'quiet' : 'unknown', why: `${silence} ${PATH[canary]}` };
}

const PATH = {
  arrived: 'Its canary became a row: the way is open.',
  unknown: 'Nobody proves it by canaries now, so quiet and dead look alike: run "scholar verify".',
} as const;

/** A row can be red for its configuration alone and its canary arrive all the same. */
function canaryOf(row: TruthRow | undefined): 'arrived' | 'lost' | 'unknown' {
  if (row === undefined || row.verdict === 'unknown') return 'unknown';
  return row.event.row === true ? 'arrived' : 'lost';
}
