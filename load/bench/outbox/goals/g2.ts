import { type Goal, perSecond, ratioOf } from './goal.ts';

export const g2: Goal = {
  id: 'G2',
  needs: { cells: { accept: ['forwarder', 'otel'] } },
  judge: (seen) => ({
    G2: {
      what: 'acknowledgements a second : OpenTelemetry Collector, while nothing can be delivered',
      ...ratioOf(seen, 'accept', ['forwarder', 'otel'], perSecond),
      ...{ unit: 'x', better: 'more', floor: 5, goal: 12, moonshot: 16 },
    },
  }),
};
