import type { ServerResponse } from 'node:http';
import {
  PROBLEM_MEDIA_TYPE,
  type ProblemCode,
  type ProblemDocument,
  type ProblemFields,
  problemDocument,
} from '@scholar/contract';
import { ANSWER_HEADERS } from '@scholar/runtime/listener';

/** What a handler decided; the router sends it. */
export type Reply = { status: number; body: object; headers?: Record<string, string>; problem?: ProblemCode };

/** Refusals that pass by themselves tell when to come again (RFC 9110 section 10.2.3), in seconds. */
const RETRY_AFTER_S: Partial<Record<ProblemCode, string>> = {
  unavailable: '1',
  outbox_full: '10',
  internal: '1',
};

export function ok(status: number, body: object, headers?: Record<string, string>): Reply {
  return headers ? { status, body, headers } : { status, body };
}

export function refuse(code: ProblemCode, fields: ProblemFields = {}): Reply {
  return refuseWith(problemDocument(code, fields));
}

export function refuseWith(problem: ProblemDocument): Reply {
  const retryAfter = RETRY_AFTER_S[problem.code];
  const headers = retryAfter === undefined ? undefined : { 'retry-after': retryAfter };
  return { status: problem.status, body: problem, problem: problem.code, ...(headers ? { headers } : {}) };
}

export function send(response: ServerResponse, reply: Reply): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'x-content-type-options': ANSWER_HEADERS['x-content-type-options'],
    'content-type': reply.problem ? PROBLEM_MEDIA_TYPE : 'application/json',
    'content-length': Buffer.byteLength(text),
    ...reply.headers,
  });
  response.end(text);
}
