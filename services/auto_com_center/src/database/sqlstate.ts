import pg from 'pg';

/**
 * How a failure of a statement is to be handled (SQLSTATE classes: PostgreSQL manual, appendix A).
 * - `data`: this input can never be stored (22 data exception, 23 integrity constraint, 54 program limit).
 * - `retry`: the server rolled back and asks to try again (40 transaction rollback).
 * - `away`: nothing is known about the data; the database, the way to it or its schema is at fault.
 */
export type Failure = { kind: 'data' | 'retry' | 'away'; sqlState: string | undefined; reusable: boolean };

const DATA = new Set(['22', '23', '54']);
const RETRY = new Set(['40']);
/** After these the session is sound: the server said ERROR, rolled back and waits for the next statement. */
const SOUND = new Set([...DATA, ...RETRY, '42']);
const QUERY_CANCELED = '57014';

/** Judges what a query threw. `reusable` tells whether its connection may serve again. */
export function classifyFailure(error: unknown): Failure {
  // Not by the shape of `code`: EPIPE has five capitals too, and is not a SQLSTATE.
  const sqlState = error instanceof pg.DatabaseError ? error.code : undefined;
  if (sqlState === undefined) return { kind: 'away', sqlState, reusable: false };
  const sqlClass = sqlState.slice(0, 2);
  const reusable = SOUND.has(sqlClass) || sqlState === QUERY_CANCELED;
  if (DATA.has(sqlClass)) return { kind: 'data', sqlState, reusable };
  if (RETRY.has(sqlClass)) return { kind: 'retry', sqlState, reusable };
  return { kind: 'away', sqlState, reusable };
}
