import type { ErrorRequestHandler, RequestHandler } from 'express';
import { isUnavailable } from '../db/index.ts';
import { HttpProblem } from '../http/index.ts';
import type { Schema } from './schema.ts';

/** Lets requests in only when the schema is there: a route must not meet a missing table. */
export function untilReady(schema: Pick<Schema, 'assertReady'>): RequestHandler {
  return (_request, _response, next) => {
    try {
      schema.assertReady();
      next();
    } catch (cause) {
      next(unavailable(cause));
    }
  };
}

/** A database or a service that is away is 503 with Retry-After, not an error of ours; it heals by itself. */
export const dependencyAway: ErrorRequestHandler = (error, _request, _response, next) => {
  next(isUnavailable(error) ? unavailable(error) : error);
};

function unavailable(cause: unknown): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'unavailable',
    detail: 'Something that this service needs is not available just now. Try again shortly.',
    headers: { 'retry-after': '2' },
    cause,
  });
}
