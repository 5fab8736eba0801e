import { type Goal, perSecond, ratioOf } from './goal.ts';

const BOUNDS = { unit: 'x', better: 'more', floor: 1, goal: 1.25, moonshot: 1.45 } as const;

export const g5: Goal = {
  id: 'G5',
  needs: { cells: { accept: ['forwarder', 'lmdb', 'sqlite'] } },
  judge: (seen) => ({
    G5_lmdb: {
      what: 'acknowledgements a second : the same server over lmdb',
      ...ratioOf(seen, 'accept', ['forwarder', 'lmdb'], perSecond),
      ...BOUNDS,
    },
    G5_sqlite: {
      what: 'acknowledgements a second : the same server over SQLite',
      ...ratioOf(seen, 'accept', ['forwarder', 'sqlite'], perSecond),
      ...BOUNDS,
    },
    G5_p99: {
      what: 'P99 of an acknowledgement : the same server over SQLite',
      ...ratioOf(seen, 'accept', ['forwarder', 'sqlite'], ({ p99Ms }) => p99Ms),
      ...{ unit: 'x', better: 'less', goal: 0.1 },
    },
  }),
};
