import type { Counted } from './audit-counts.ts';

export interface Goal {
  value: number;
  goal: string;
  met: boolean;
  note?: string;
}

/** Pure: goal G19 in its parts. */
export function judged(seen: {
  syncS: number;
  quiet: Counted;
  quietS: number;
  seenP95Ms: number;
  peakMb: number;
}): Record<string, Goal> {
  const { quiet, quietS } = seen;
  const window = `counted in the API server's audit log over ${Math.round(quietS)} s without a change, not over an hour`;
  const perHour = (quiet.leaseWrites * 3_600) / quietS;
  return {
    G19_first_sync_s: atMost(
      seen.syncS,
      10,
      's',
      'from the start of the process until every object is known; the slower of two starts',
    ),
    G19_quiet_lists: atMost(quiet.lists, 0, 'LISTs', `${window}; nothing in the operator lists by time`),
    G19_quiet_writes: atMost(
      quiet.writes,
      0,
      'writes',
      `${window}; besides ${quiet.leaseWrites} renewals of the Lease, ${Math.round(perHour)} an hour`,
    ),
    G19_change_seen_p95_ms: atMost(
      seen.seenP95Ms,
      1_000,
      'ms',
      'from sending a change until the status that the operator wrote for it was seen by another watch',
    ),
    G19_rss_mb: atMost(seen.peakMb, 250, 'MB', 'the most that was ever resident, both starts'),
  };
}

function atMost(value: number, bound: number, unit: string, note: string): Goal {
  return {
    value: Math.round(value * 100) / 100,
    goal: `at most ${bound} ${unit}`,
    met: value <= bound,
    note,
  };
}
