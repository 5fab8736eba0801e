import type { RequestHandler } from 'express';
import { HttpProblem } from './http-problem.ts';

const IN_USE = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE']);

/**
 * Refuses what no route of ours takes. Express would answer OPTIONS by itself; since no other site may ask here (there
 * is no CORS), nobody has to ask whether they may. It is counted like every answer.
 */
export function onlyMethodsInUse(): RequestHandler {
  return (request, _response, next) => {
    if (IN_USE.has(request.method)) {
      next();
      return;
    }
    const detail = 'No address here takes this method. The "allow" header names those that are used.';
    const headers = { allow: [...IN_USE].join(', ') };
    next(new HttpProblem({ status: 405, code: 'method_not_allowed', detail, headers }));
  };
}
