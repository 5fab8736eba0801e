import type { Clock } from '@scholar/runtime/clock';

/** How often something happened lately, to the minute, in a fixed number of bytes. */
export interface RecentCount {
  add: () => void;
  /** Within the last hour; up to a minute more. */
  lastHour: () => number;
}

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** By the monotonic clock: a wall clock that is set back must not keep an old count alive. */
export function recentCount({ monotonic }: Pick<Clock, 'monotonic'>): RecentCount {
  const counts = new Map<number, number>();
  const forget = (minute: number): void => {
    for (const known of counts.keys()) if (known < minute - MINUTES) counts.delete(known);
  };
  const now = (): number => Math.floor(monotonic() / MINUTE_MS);
  return {
    add: () => {
      const minute = now();
      forget(minute);
      counts.set(minute, (counts.get(minute) ?? 0) + 1);
    },
    lastHour: () => {
      forget(now());
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
  };
}
