import { PROBLEM_MEDIA_TYPE } from '@scholar/contract';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { asAttachment } from './answers-of-apis.ts';
import { HttpProblem } from './http-problem.ts';
import { problemPage } from './page/problem-page.ts';
import { toDocument } from './problem-document.ts';
import { logOf, requestIdOf } from './request-context.ts';
import { toProblem } from './to-problem.ts';

/** The answer to a path that no route took. It does not repeat the path: people put addresses and keys into it. */
export const notFound: RequestHandler = (request) => {
  const detail = prefersHtml(request)
    ? 'There is nothing at this address. Perhaps it was written wrongly, or what was here is gone.'
    : 'Nothing takes this method at this address. Check both.';
  throw new HttpProblem({ status: 404, code: 'not_found', detail });
};

/**
 * Answers every error: a page for who prefers HTML, problem+json for everybody else. Only a 500 is logged as an
 * error, with its cause; a 4xx is the caller's affair.
 */
export function errorHandler(options: { service: string }): ErrorRequestHandler {
  return (error, request, response, next) => {
    const problem = toProblem(error);
    if (problem.status >= 500 && problem.code === 'internal') {
      logOf(response).error({ err: problem.cause ?? problem, method: request.method }, 'a request failed');
    }
    // Half an answer cannot be taken back; Express then cuts the connection, which the client sees as a failure.
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(request, response, { problem, service: options.service });
  };
}

function sendProblem(
  request: Request,
  response: Response,
  { problem, service }: { problem: HttpProblem; service: string },
): void {
  const requestId = requestIdOf(response);
  response.status(problem.status).set({ 'cache-control': 'no-store', vary: 'accept', ...problem.headers });
  if (prefersHtml(request)) {
    response.type('html').send(problemPage({ problem, requestId, service }));
    return;
  }
  // Not `send`: it would add a charset, a parameter that this media type does not have (RFC 9457, section 6.1).
  const body = JSON.stringify(toDocument(problem, requestId));
  asAttachment(response);
  response.setHeader('content-type', PROBLEM_MEDIA_TYPE);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}

/** Whether the caller would rather have a page: browsers say so, programs and a bare `*` + `/*` do not. */
export function prefersHtml(request: Request): boolean {
  return request.accepts(['application/json', PROBLEM_MEDIA_TYPE, 'text/html']) === 'text/html';
}
