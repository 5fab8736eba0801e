import { randomUUID } from 'node:crypto';
import { readCookie } from '../auth/index.ts';
import { consentOf, type Request, type Response, VISIT_COOKIE } from '../http/index.ts';
import { cookieAttributes } from '../sign-in/index.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id of this browser's visit, begun now when there is none; undefined without its owner's consent. It is random and
 * lasts as long as the browser is open. Whatever else stands in the cookie is not believed.
 */
export function visitOf(request: Request, response: Response): string | undefined {
  if (consentOf(request) !== 'given') return undefined;
  const known = readCookie(request, VISIT_COOKIE);
  if (known !== undefined && UUID.test(known)) return known;
  const id = randomUUID();
  response.cookie(VISIT_COOKIE, id, cookieAttributes(response));
  return id;
}
