import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
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

/** The most that a request may take, ms: longer than every bound of a single question, shorter than a person's patience. */
export const ANSWER_WITHIN_MS = 10_000;

/** Requests that were answered because their time was over, while what they asked for was still under way. */
const overdue = new WeakSet<Response>();

/**
 * Nobody waits for ever: what takes longer is answered 503. Each question to a database has a bound, but a request asks
 * several, and a slow server answers each just in time. What is under way then may still be committed, as with every
 * answer that is lost on its way: the caller does not know, and may ask again.
 */
export function answerWithin(ms: number): RequestHandler {
  return (_request, response, next) => {
    const timer = setTimeout(() => {
      if (response.headersSent) return;
      overdue.add(response);
      // What comes after this answer would otherwise end a connection that somebody uses already.
      response.set('connection', 'close');
      next(unavailable(new Error(`no answer within ${ms} ms`)));
    }, ms);
    response.once('close', () => clearTimeout(timer));
    next();
  };
}

/** A database or a service that is away is 503 with Retry-After, not an error of ours; it heals by itself. */
export const dependencyAway: ErrorRequestHandler = (error, _request, response, next) => {
  // The late end of what was answered already: there is nobody left to tell.
  if (overdue.has(response) && response.headersSent) return;
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
