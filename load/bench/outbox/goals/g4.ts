import { type Goal, perSecond, ratioOf } from './goal.ts';

export const g4: Goal = {
  id: 'G4',
  needs: { cells: { accept: ['forwarder', 'nats'] } },
  judge: (seen) => ({
    G4: {
      what: 'acknowledgements a second : NATS JetStream with 64 in flight',
      ...ratioOf(seen, 'accept', ['forwarder', 'nats'], perSecond),
      ...{ unit: 'x', better: 'more', floor: 3, goal: 5, moonshot: 7 },
      note: 'JetStream speaks a protocol of its own that costs less than HTTP',
    },
  }),
};
