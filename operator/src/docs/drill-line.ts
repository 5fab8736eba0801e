import type { DrillSummary } from '@scholar/contract';
import { ms } from './cells.ts';

/** Pure: what an outage drill acknowledged, what of it is a row, and whether it passed. */
export function drillLine(drill: DrillSummary): string {
  const { at, label, queued, rows, refused_full, recovery_ms } = drill;
  const recovery =
    recovery_ms === null ? 'not recovered' : `the last row ${ms(recovery_ms)} after the end of the outage`;
  return `${at}, in the name of ${label}: ${queued} events acknowledged while A8 was away, ${rows} of them are rows, ${recovery}; ${refused_full} refused because the disk was full. ${drill.ok ? 'Passed.' : 'FAILED.'}`;
}
