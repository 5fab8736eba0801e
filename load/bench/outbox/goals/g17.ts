import { type Goal, over, roundOf } from './goal.ts';

export const g17: Goal = {
  id: 'G17',
  needs: { cells: { through: ['forwarder'] } },
  judge: (seen) => ({
    G17: {
      what: 'CPU of the forwarder an event, in and out',
      ...over(seen, (pass) => {
        const { cpuUsPerSecond, deliveredPerSecond } = roundOf(pass, 'through', 'forwarder');
        return cpuUsPerSecond / deliveredPerSecond;
      }),
      ...{ unit: 'us', better: 'less', goal: 90, moonshot: 50 },
    },
  }),
};
