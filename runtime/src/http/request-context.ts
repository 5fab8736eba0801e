import { randomUUID } from 'node:crypto';
import { HEADER } from '@scholar/contract';
import type { RequestHandler, Response } from 'express';
import type { Logger } from '../log/index.ts';

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{8,128}$/;

/**
 * Gives every request an id: the inbound `x-request-id` where it is sane, else a fresh uuid. It is answered in the
 * same header, stands in every problem document and in every log line of `logOf`.
 */
export function requestContext(log: Logger): RequestHandler {
  return (request, response, next) => {
    const inbound = request.get(HEADER.requestId);
    const id = inbound !== undefined && SANE_REQUEST_ID.test(inbound) ? inbound : randomUUID();
    response.locals['requestId'] = id;
    response.locals['log'] = log.child({ request_id: id });
    response.set(HEADER.requestId, id);
    next();
  };
}

/** The id of the request that this response answers. */
export function requestIdOf(response: Response): string {
  return String(response.locals['requestId'] ?? '');
}

/** A logger whose lines carry the request id. */
export function logOf(response: Response): Logger {
  return response.locals['log'] as Logger;
}
