import { HEADER, headerText, verifyCanary } from '@scholar/contract';
import type { Request } from '@scholar/runtime/http';

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
