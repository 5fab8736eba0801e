import type { Part } from '../goal.ts';
import { median, medianDeviation } from '../statistics.ts';
import type { Pass } from './passes.ts';
import type { SubjectName } from './round.ts';

export const TITLES: Readonly<Record<SubjectName, string>> = { a8: 'A8', forwarder: 'a forwarder' };

/** Pure. G20: what a scrape adds to the P99, each pass compared with itself. */
export function judgeSeen(passes: readonly Pass[]): Record<string, Part> {
  return Object.fromEntries(
    (['a8', 'forwarder'] as const).map((name): [string, Part] => {
      const added = passes.map(({ pairs }) => pairs[name].scraped.p99Ms - pairs[name].plain.p99Ms);
      return [
        `G20_${name}`,
        {
          what: `what somebody who reads its metrics every second adds to the P99 of ${TITLES[name]}`,
          ...{ value: median(added), deviation: medianDeviation(added), unit: 'ms', better: 'less' },
          ...{ floor: 5, goal: 1 },
        },
      ];
    }),
  );
}
