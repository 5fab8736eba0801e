import { isUnavailable } from '@scholar/runtime/db';
import { HttpProblem } from '@scholar/runtime/http';
import type { ErrorRequestHandler } from 'express';
import pg from 'pg';

/** Statement timeout, and tables that are not there yet: both pass. */
const PASSING = new Set(['57014', '42P01']);

/** Express: a database that is away is 503 with Retry-After, not a fault of ours. Everything else passes on. */
export const databaseErrors: ErrorRequestHandler = (error, _request, _response, next) => {
  const passing = error instanceof pg.DatabaseError && PASSING.has(error.code ?? '');
  if (!passing && !isUnavailable(error)) return next(error);
  const detail =
    'The database does not answer now. Try again after Retry-After; /ready names the failing check.';
  next(
    new HttpProblem({
      status: 503,
      code: 'unavailable',
      detail,
      headers: { 'retry-after': '2' },
      cause: error,
    }),
  );
};
