import { whole } from '../../markdown.ts';
import { type Goal, growthOf } from './goal.ts';

const note = 'from the start of the process, its files out of the page cache';

export const g15: Goal = {
  id: 'G15',
  needs: { cells: {}, growth: true },
  judge(seen) {
    const { large, readyMs, firstDeliveryMs } = growthOf(seen);
    return {
      G15_ready: {
        what: `ready to accept after kill -9 with ${whole(large.queued)} undelivered`,
        value: readyMs,
        ...{ unit: 'ms', better: 'less', floor: 5_000, goal: 500, moonshot: 150, note },
      },
      G15_delivery: {
        what: 'first delivery after it',
        value: firstDeliveryMs,
        ...{ unit: 'ms', better: 'less', floor: 5_000, goal: 1_000, moonshot: 300, note },
      },
    };
  },
};
