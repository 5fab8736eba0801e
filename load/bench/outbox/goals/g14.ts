import { whole } from '../../markdown.ts';
import { type Goal, growthOf } from './goal.ts';

export const g14: Goal = {
  id: 'G14',
  needs: { cells: {}, growth: true },
  judge(seen) {
    const { small, large } = growthOf(seen);
    return {
      G14_ack: {
        what: `P50 of an acknowledgement with ${whole(large.queued)} undelivered : with ${whole(small.queued)}`,
        value: large.p50Ms / small.p50Ms,
        ...{ unit: 'x', better: 'less', floor: 1.5, goal: 1.1, moonshot: 1 },
      },
      G14_drain: {
        what: `events delivered a second from a backlog of ${whole(large.queued)} : from a small one`,
        value: large.drainPerSecond / small.drainPerSecond,
        ...{ unit: 'x', better: 'more', floor: 1 / 1.5, goal: 0.95, moonshot: 1 },
      },
      G14_memory: {
        what: 'memory (PSS) more than with the small backlog',
        value: (large.pssBytes - small.pssBytes) / 1e6,
        ...{ unit: 'MB', better: 'less', goal: 32 },
      },
    };
  },
};
