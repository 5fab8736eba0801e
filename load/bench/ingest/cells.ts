/** What is measured: ours, PostgreSQL alone, or what one writes first. */
export type ContestantName = 'a8' | 'row' | 'rowAsA8' | 'unnest' | 'express' | 'go';
export type ServerName = 'a8' | 'express' | 'go';

/** Connections of the load to each server, and clients of the pgbench that A8 is set against. */
export const CONNECTIONS = 64;
/** The way from an application to its row: calls a second. */
export const WAY_PER_SECOND = 500;
/** A8's default (INGEST_CONNECTIONS). */
export const A8_DATABASE_CONNECTIONS = 2;
/** Rows of one statement of the pgbench that inserts many at once, and its clients: two for each of two cores keep it busy. */
export const UNNEST = { rows: 100, clients: 4 } as const;

export const TITLES: Readonly<Record<ContestantName, string>> = {
  a8: 'A8 (ours)',
  row: `pgbench, a row a statement, ${CONNECTIONS} clients`,
  rowAsA8: `pgbench, a row a statement, ${A8_DATABASE_CONNECTIONS} clients`,
  unnest: `pgbench, ${UNNEST.rows} rows a statement, ${UNNEST.clients} clients`,
  express: 'Express + pg, a row a request',
  go: 'Go net/http + pgx, a row a request',
};

export type CellName = 'empty' | 'filled' | 'open1000' | 'open5000';
export type Table = 'empty' | 'filled';

export type Cell = {
  name: CellName;
  what: string;
  table: Table;
  contestants: readonly ContestantName[];
  /** Open model; without it as fast as answers come. Events a second. */
  perSecond?: number;
};

const ALL = ['a8', 'row', 'rowAsA8', 'unnest', 'express', 'go'] as const;

/** In this order in every pass; the contestants of a cell one after the other. */
export const CELLS: readonly Cell[] = [
  {
    name: 'empty',
    what: `${CONNECTIONS} in flight, as fast as answers come, into an empty table`,
    table: 'empty',
    contestants: ALL,
  },
  {
    name: 'filled',
    what: `${CONNECTIONS} in flight, as fast as answers come, into a table of a million rows`,
    table: 'filled',
    contestants: ALL,
  },
  {
    name: 'open1000',
    what: '1,000 a second from seven senders, each timed from when it was due, a million rows before',
    table: 'filled',
    contestants: ['a8'],
    perSecond: 1_000,
  },
  {
    name: 'open5000',
    what: '5,000 a second from seven senders, each timed from when it was due, a million rows before',
    table: 'filled',
    contestants: ['a8'],
    perSecond: 5_000,
  },
];
