import type { Part } from '../goal.ts';
import { median, medianDeviation } from '../statistics.ts';
import { type CellName, type ContestantName, WAY_PER_SECOND } from './cells.ts';
import type { Pass } from './passes.ts';
import type { Round } from './round.ts';

export interface Goal {
  readonly id: string;
  readonly needs: { cells: Partial<Record<CellName, readonly ContestantName[]>>; way?: true };
  /** By name: the goal's id, with a suffix where it has several parts. */
  judge(passes: readonly Pass[]): Record<string, Part>;
}

/** @throws Error when the plan did not measure it: a goal must name its needs. */
export function roundOf(pass: Pass, cell: CellName, name: ContestantName): Round {
  const round = pass.rounds[cell]?.[name];
  if (round === undefined) throw new Error(`${name} was not measured in the cell "${cell}"`);
  return round;
}

function over(
  passes: readonly Pass[],
  figure: (pass: Pass) => number,
): Pick<Part, 'value' | 'deviation'> & { deviation: number } {
  const values = passes.map(figure);
  return { value: median(values), deviation: medianDeviation(values) };
}

type Bounds = Pick<Part, 'floor' | 'goal' | 'moonshot' | 'note'>;

const TABLES = [
  ['empty', ''],
  ['filled', '_filled'],
] as const;

/** Events of A8 a second : those of another, taken within a pass, over both tables. */
function against(id: string, other: ContestantName, what: string, bounds: Bounds) {
  return (passes: readonly Pass[]): Record<string, Part> =>
    Object.fromEntries(
      TABLES.map(([cell, suffix]) => [
        `${id}${suffix}`,
        {
          what: `events a second : ${what}${suffix === '' ? '' : ', a million rows before'}`,
          ...over(
            passes,
            (pass) => roundOf(pass, cell, 'a8').perSecond / roundOf(pass, cell, other).perSecond,
          ),
          ...{ unit: 'x', better: 'more', ...bounds },
        } as const,
      ]),
    );
}

function both(...others: readonly ContestantName[]): Goal['needs'] {
  const names = ['a8', ...others] as const;
  return { cells: { empty: names, filled: names } };
}

const ORDINARY = { floor: 1.5, goal: 2.5, moonshot: 4 } as const;

const g7: Goal = {
  id: 'G7',
  needs: both('row'),
  judge: against('G7', 'row', 'pgbench with one row a prepared INSERT, 64 clients', {
    ...{ floor: 0.8, goal: 1.2, moonshot: 1.6 },
    note: 'pgbench speaks no HTTP, parses no JSON and checks nothing; both have 64 connections to what they talk to',
  }),
};

const g8: Goal = {
  id: 'G8',
  needs: both('unnest'),
  judge: against('G8', 'unnest', 'rows a second of pgbench with 100 rows a statement', {
    ...{ floor: 0.12, goal: 0.2, moonshot: 0.3 },
    note: 'the ceiling of this PostgreSQL: no server can pass it',
  }),
};

const g9: Goal = {
  id: 'G9',
  needs: both('express', 'go'),
  judge: (passes) => ({
    ...against('G9_express', 'express', 'Express + pg, one INSERT a request', ORDINARY)(passes),
    ...against('G9_go', 'go', 'Go net/http + pgx, one INSERT a request', ORDINARY)(passes),
  }),
};

const MS = { unit: 'ms', better: 'less' } as const;

const g10: Goal = {
  id: 'G10',
  needs: { cells: { open1000: ['a8'], open5000: ['a8'] } },
  judge(passes) {
    const at = (cell: CellName, figure: (round: Round) => number) =>
      over(passes, (pass) => figure(roundOf(pass, cell, 'a8')));
    const dropped = (cell: CellName): number =>
      passes.reduce((sum, pass) => sum + roundOf(pass, cell, 'a8').waited, 0);
    const DROPPED = { unit: 'events', better: 'less', goal: 0 } as const;
    return {
      G10_p95: {
        what: 'P95 of a write at 1,000 a second from seven senders',
        ...at('open1000', ({ p95Ms }) => p95Ms),
        ...{ ...MS, floor: 150, goal: 15, moonshot: 5 },
      },
      G10_p99: {
        what: 'P99 of the same',
        ...at('open1000', ({ p99Ms }) => p99Ms),
        ...{ ...MS, goal: 40, moonshot: 15 },
      },
      G10_dropped: {
        what: 'events at 1,000 a second that found all 64 connections taken when they were due',
        value: dropped('open1000'),
        ...DROPPED,
        note: 'over all kept passes; they were sent late, and their wait is in P95 and P99',
      },
      G10_5000: {
        what: 'P95 of a write at 5,000 a second from seven senders',
        ...at('open5000', ({ p95Ms }) => p95Ms),
        ...{ ...MS, goal: 40 },
      },
      G10_5000_dropped: {
        what: 'events at 5,000 a second that found all 64 connections taken when they were due',
        value: dropped('open5000'),
        ...DROPPED,
      },
    };
  },
};

const g11: Goal = {
  id: 'G11',
  needs: { cells: {}, way: true },
  judge: (passes) => ({
    G11: {
      what: `P95 from an application's call to its committed row at ${WAY_PER_SECOND} a second over seven forwarders`,
      ...over(passes, ({ way }) => way?.committedP95Ms ?? Number.NaN),
      ...{ ...MS, floor: 150, goal: 25, moonshot: 10 },
      note: 'by the commit time that PostgreSQL keeps (track_commit_timestamp), one clock',
    },
  }),
};

export const GOALS: readonly Goal[] = [g7, g8, g9, g10, g11];
