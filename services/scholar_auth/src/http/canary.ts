import { HEADER, headerText, verifyCanary } from '@scholar/contract';
import { HttpProblem, type Request } from '@scholar/runtime/http';

/** Addresses that no person can have: only canaries use them. */
const CANARY_DOMAIN = '@canary.invalid';

/** The x-scholar-canary token of a request when it is valid now; an invalid one counts as absent. */
export type CanaryTokenOf = (request: Pick<Request, 'headers'>) => string | undefined;

export function createCanaryTokenOf(deps: {
  canaryKey: () => string | undefined;
  now: () => number;
}): CanaryTokenOf {
  return (request) => {
    const token = headerText(request.headers, HEADER.canary);
    return verifyCanary(token, deps.canaryKey(), deps.now()) ? token : undefined;
  };
}

/** Refuses a canary's address without a valid token: its account and event would count as a person's. */
export function refuseStrayCanary(email: string, canaryToken: string | undefined): void {
  if (canaryToken !== undefined || !email.endsWith(CANARY_DOMAIN)) return;
  throw new HttpProblem({
    status: 422,
    code: 'canary_token_required',
    detail: `Addresses at ${CANARY_DOMAIN.slice(1)} need a valid x-scholar-canary header. Compare CANARY_KEY on both sides.`,
    fields: { errors: [{ pointer: '/email', expected: 'an address of a person, or a valid canary token' }] },
  });
}
