import { type Goal, ratioOf } from './goal.ts';

export const g3: Goal = {
  id: 'G3',
  needs: { cells: { through: ['forwarder', 'otel'] } },
  judge: (seen) => ({
    G3: {
      what: 'events delivered a second, end to end : OpenTelemetry Collector with a queue of 1,000 that blocks',
      ...ratioOf(seen, 'through', ['forwarder', 'otel'], ({ deliveredPerSecond }) => deliveredPerSecond),
      ...{ unit: 'x', better: 'more', floor: 8, goal: 15, moonshot: 20 },
    },
  }),
};
