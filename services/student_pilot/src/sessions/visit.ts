import { randomUUID } from 'node:crypto';
import { readSessionCookie } from '@scholar/runtime/auth';
import type { Request, Response } from '@scholar/runtime/http';
import { setVisitCookie, VISIT_COOKIE } from './session-cookies.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of this browser's visit, begun now when there is none. Whatever else stands in the cookie is not believed. */
export function visitOf(request: Request, response: Response): string {
  const known = readSessionCookie(request, VISIT_COOKIE);
  if (known !== undefined && UUID.test(known)) return known;
  const id = randomUUID();
  setVisitCookie(response, id);
  return id;
}
