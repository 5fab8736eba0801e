import { CANARY_DOMAIN, HEADER, headerText, isCanaryAddress, verifyCanary } from '@scholar/contract';
import type { Request } from 'express';
import type { Clock } from '../clock/index.ts';
import type { SecretSource } from '../config/index.ts';
import { HttpProblem } from '../http/http-problem.ts';

/** The x-scholar-canary token of a request when it is valid now; an invalid one counts as absent. */
export type CanaryTokenOf = (request: Pick<Request, 'headers'>) => string | undefined;

export type CanaryDeps = {
  /** CANARY_KEY, as a value or as the source that re-reads it; without it no canary is known. */
  canaryKey: string | Pick<SecretSource, 'current'> | undefined;
  clock: Clock;
};

export function createCanaryTokenOf({ canaryKey, clock }: CanaryDeps): CanaryTokenOf {
  return (request) => {
    const token = headerText(request.headers, HEADER.canary);
    const key = typeof canaryKey === 'object' ? canaryKey.current() : canaryKey;
    return verifyCanary(token, key, clock.now()) ? token : undefined;
  };
}

/**
 * Makes sure that a canary's address comes with a valid token: taken without, it would count as a person's.
 * @throws HttpProblem 422 `canary_token_required`.
 */
export function refuseStrayCanary(email: string, canaryToken: string | undefined): void {
  if (canaryToken !== undefined || !isCanaryAddress(email)) return;
  throw new HttpProblem({
    status: 422,
    code: 'canary_token_required',
    detail: `Addresses at ${CANARY_DOMAIN.slice(1)} need a valid x-scholar-canary header. Compare CANARY_KEY on both sides.`,
    fields: { errors: [{ pointer: '/email', expected: 'an address of a person, or a valid canary token' }] },
  });
}
