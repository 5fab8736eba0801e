import { type Goal, over, roundOf } from './goal.ts';

export const g6: Goal = {
  id: 'G6',
  needs: { cells: { alone: ['forwarder'], paced: ['forwarder'] } },
  judge: (seen) => ({
    G6: {
      what: 'P50 of an acknowledgement, one in flight : P50 of a bare append and fdatasync',
      ...over(seen, (pass) => roundOf(pass, 'alone', 'forwarder').p50Ms / pass.bare.closed.p50Ms),
      ...{ unit: 'x', better: 'less', floor: 4, goal: 2, moonshot: 1.5 },
    },
    G6_p99: {
      what: 'P99 of an acknowledgement at 1,000 a second : P99 of a bare append and fdatasync at 1,000 a second',
      ...over(seen, (pass) => roundOf(pass, 'paced', 'forwarder').p99Ms / pass.bare.paced.p99Ms),
      ...{ unit: 'x', better: 'less', goal: 3 },
    },
  }),
};
