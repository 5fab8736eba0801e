import { HttpProblem } from '@scholar/runtime/http';
import { lifecycleRefusal } from './lifecycle.ts';
import { contradiction } from './scholarship.ts';

/** @throws HttpProblem 422 where a scholarship cannot become that */
export function refuseStep(...step: Parameters<typeof lifecycleRefusal>): void {
  const refusal = lifecycleRefusal(...step);
  if (refusal === undefined) return;
  throw new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: `This step is not possible. ${refusal.pointer}: ${refusal.expected}`,
    fields: { errors: [refusal] },
  });
}

/** @throws HttpProblem 422 where two values exclude each other */
export function refuseContradiction(input: Parameters<typeof contradiction>[0]): void {
  const found = contradiction(input);
  if (found === undefined) return;
  throw new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: `Some values are not as they should be. /max_age: ${found}`,
    fields: { errors: [{ pointer: '/max_age', expected: 'at least min_age' }] },
  });
}

export function notYours(): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'forbidden',
    detail: 'This scholarship belongs to another provider. Change your own only.',
  });
}

/** A provider's own token says nothing about what was paid. */
export function listingRequired(): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'listing_required',
    detail:
      'A scholarship is published for the first time with a paid listing. Keep it here as a draft, and publish it on the pages of the provider register, where listings are paid.',
  });
}

export function listingUnpaid(): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'listing_unpaid',
    detail: 'Every paid listing of this provider is used up. Pay for another one, then publish.',
  });
}
