import { HEADER, headerText, verifyCanary } from '@scholar/contract';
import type { Request } from '@scholar/runtime/http';

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

/** A canary's address without a valid token: taken, its lead and its event would count as a person's. */
export function isStrayCanary(email: string, canaryToken: string | undefined): boolean {
  return canaryToken === undefined && email.endsWith(CANARY_DOMAIN);
}
