import { HttpProblem } from '@scholar/runtime/http';
import { RETRY_AFTER_LIMIT_S } from '../keys/key-limit.ts';

/** The key has made as many requests as it may for now. */
export function tooManyRequests(): HttpProblem {
  const detail =
    'This key makes more requests than one may (KEY_REQUESTS_PER_SECOND). Wait as Retry-After says.';
  const headers = { 'retry-after': String(RETRY_AFTER_LIMIT_S) };
  return new HttpProblem({ status: 429, code: 'rate_limited', detail, headers });
}
