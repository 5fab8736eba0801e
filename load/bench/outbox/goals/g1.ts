import { type Goal, perSecond, ratioOf } from './goal.ts';

export const g1: Goal = {
  id: 'G1',
  needs: { cells: { accept: ['forwarder', 'memory'] } },
  judge: (seen) => ({
    G1: {
      what: 'durable acknowledgements a second : the same server with no disk',
      ...ratioOf(seen, 'accept', ['forwarder', 'memory'], perSecond),
      ...{ unit: 'x', better: 'more', floor: 0.6, goal: 0.8, moonshot: 0.9 },
    },
  }),
};
