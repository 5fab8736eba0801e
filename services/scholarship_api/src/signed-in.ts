import { type Principal, principalOf } from '@scholar/runtime/auth';
import type { Response } from 'express';

/** The principal behind `requireRole`, which let nobody else pass. */
export function signedIn(response: Response): Principal {
  const principal = principalOf(response);
  if (principal === undefined)
    throw new Error('this route needs authenticated() and requireRole() before it');
  return principal;
}
