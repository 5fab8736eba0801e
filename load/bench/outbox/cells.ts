import type { Job } from '../job.ts';
import type { ContestantName } from './contestants/contestant.ts';

/** One kind of load. Every contestant named gets it in every pass. */
export type Cell = {
  name: CellName;
  what: string;
  contestants: readonly ContestantName[];
  load: Pick<Job, 'concurrency' | 'perSecond' | 'maxUndelivered'>;
  /** Deliveries are taken while events come in; else nobody listens there. */
  delivers: boolean;
};

export type CellName = 'accept' | 'alone' | 'paced' | 'through';

export const CELLS: readonly Cell[] = [
  {
    name: 'accept',
    what: '64 in flight, as fast as answers come, while nothing can be delivered',
    contestants: ['forwarder', 'memory', 'lmdb', 'sqlite', 'otel', 'nats'],
    load: { concurrency: 64 },
    delivers: false,
  },
  {
    name: 'alone',
    what: 'one in flight, while nothing can be delivered',
    contestants: ['forwarder'],
    load: { concurrency: 1 },
    delivers: false,
  },
  {
    name: 'paced',
    what: '1,000 a second, each timed from when it was due, while nothing can be delivered',
    contestants: ['forwarder'],
    load: { concurrency: 64, perSecond: 1_000 },
    delivers: false,
  },
  {
    name: 'through',
    what: '64 in flight, delivered to a sink that answers at once; nothing is sent while 1,000 are undelivered',
    contestants: ['forwarder', 'otel'],
    load: { concurrency: 64, maxUndelivered: 1_000 },
    delivers: true,
  },
];
