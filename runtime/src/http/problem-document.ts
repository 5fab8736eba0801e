import { STATUS_CODES } from 'node:http';
import type { HttpProblem } from './http-problem.ts';

/** The JSON of a problem: the members of RFC 9457, then ours. Extra fields never replace these. */
export function toDocument(problem: HttpProblem, requestId: string): Record<string, unknown> {
  return {
    ...problem.fields,
    type: `urn:scholar:problem:${problem.code}`,
    title: problem.title ?? STATUS_CODES[problem.status] ?? 'Problem',
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    request_id: requestId,
  };
}
