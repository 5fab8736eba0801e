import { timingSafeEqual } from 'node:crypto';
import { bearerToken, keyDigest } from '@scholar/contract';
import { unauthorized } from '@scholar/runtime/auth';
import type { RequestHandler } from '@scholar/runtime/http';
import { notConfigured } from '../http/problems.ts';

/**
 * Lets those on who show the operations key as a bearer token. Nobody's access token opens these routes, also not that
 * of staff: who runs the system and who works with it are two things. 401; 503 while no key is set.
 */
export function onlyOperators(operationsKey: () => string | undefined): RequestHandler {
  return (request, _response, next) => {
    const expected = operationsKey();
    if (!expected) throw notConfigured('A8_OPERATIONS_KEY', 'nobody can operate this service');
    const presented = bearerToken(request.headers);
    // Digests, so that the comparison takes the same time for every length.
    const matches =
      presented !== undefined &&
      timingSafeEqual(Buffer.from(keyDigest(presented)), Buffer.from(keyDigest(expected)));
    if (!matches) throw unauthorized('This needs the operations key as a bearer token.', 'invalid_token');
    next();
  };
}
