import { HttpProblem } from '@scholar/runtime/http';

export function idempotencyConflict(): HttpProblem {
  return new HttpProblem({
    status: 409,
    code: 'idempotency_conflict',
    detail: 'This Idempotency-Key came before with other content. Use a fresh key for another lead.',
  });
}

export function badIdempotencyKey(longest: number): HttpProblem {
  return new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: `The Idempotency-Key header has 1 to ${longest} characters, for example a uuid.`,
  });
}

export function noSuchLead(): HttpProblem {
  return new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no such lead.' });
}
