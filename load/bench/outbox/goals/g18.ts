import type { Goal } from './goal.ts';

export const g18: Goal = {
  id: 'G18',
  needs: { cells: {} },
  judge({ allPasses, growth }) {
    const rounds = allPasses.flatMap(({ rounds }) =>
      Object.values(rounds).flatMap((of) => Object.values(of)),
    );
    return {
      G18: {
        what: 'acknowledged events lost over every kill -9 of this run, ours and every peer',
        value: rounds.reduce((sum, { lost }) => sum + lost, growth?.lost ?? 0),
        ...{ unit: 'events', better: 'less', floor: 0, goal: 0, moonshot: 0 },
        note: `${rounds.length} kills under load; a loss also ends the run; hundreds of kills: make torture`,
      },
    };
  },
};
