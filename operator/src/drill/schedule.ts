import { durationMs } from '../crd/duration.ts';

const MINUTE_MS = 60_000;
/** A drill takes up to some minutes, and each leaves rows in A8. */
const SHORTEST_MS = 10 * MINUTE_MS;
/** The longest that one timer of Node can wait is 24.8 days; a rarer drill proves little. */
const LONGEST_MS = 24 * 24 * 60 * MINUTE_MS;

export interface DrillSchedule {
  everyMs: number;
}

/** Pure: `24h`, `1h30m`. @returns a sentence when it is no duration from 10 minutes to 24 days. */
export function parseSchedule(text: string): DrillSchedule | string {
  try {
    const everyMs = durationMs(text);
    if (everyMs >= SHORTEST_MS && everyMs <= LONGEST_MS) return { everyMs };
  } catch {
    // Told below like a duration that is out of bounds.
  }
  return `${JSON.stringify(text)} is not a duration from 10m to 576h, for instance 24h`;
}

/**
 * Pure: how long to wait for the next drill, ms. A drill that was missed is done at once, and only once; a last drill in
 * the future (a clock that was set back) delays the next one by one period at most.
 */
export function nextDrillMs(
  { everyMs }: DrillSchedule,
  { lastMs, nowMs }: { lastMs: number | undefined; nowMs: number },
): number {
  if (lastMs === undefined) return 0;
  return Math.min(everyMs, Math.max(0, lastMs + everyMs - nowMs));
}
