import type { RequestHandler, Response } from 'express';
import { ANSWER_HEADERS } from '../listener/index.ts';

/**
 * What every answer says until its route knows better: no cache keeps it (most tell something about somebody), and a
 * browser that is led to JSON saves it under a name of ours instead of showing it (OWASP ASVS 8.2.1, 14.4.2).
 */
export function answersOfApis(): RequestHandler {
  return (_request, response, next) => {
    response.set('cache-control', 'no-store');
    const { json } = response;
    response.json = (body: unknown) => {
      asAttachment(response);
      return json.call(response, body);
    };
    next();
  };
}

/** Names the file that an answer in JSON is saved as, where nobody has. */
export function asAttachment(response: Response): void {
  if (response.hasHeader('content-disposition')) return;
  response.setHeader('content-disposition', ANSWER_HEADERS['content-disposition']);
}
