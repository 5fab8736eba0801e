import { clearSessionCookie, readSessionCookie, setSessionCookie } from '@scholar/runtime/auth';
import type { Request, Response } from '@scholar/runtime/http';
import type { Tokens } from '../accounts/accounts-api.ts';

/** The refresh token; the access token is in runtime's session cookie. */
export const REFRESH_COOKIE = 'scholar_refresh';
/** A random id of this browser's visit, for the session_id of events. It says nothing about the person. */
export const VISIT_COOKIE = 'scholar_visit';

/** As long as scholar_auth's SESSION_TTL by default; scholar_auth decides, the browser only forgets. */
const REFRESH_MAX_AGE_MS = 30 * 86_400_000;

export function setSession(response: Response, tokens: Tokens): void {
  setSessionCookie(response, tokens.accessToken, { maxAgeS: tokens.expiresInS });
  response.cookie(REFRESH_COOKIE, tokens.refreshToken, {
    ...attributes(response),
    maxAge: REFRESH_MAX_AGE_MS,
    encode: String,
  });
}

export function clearSession(response: Response): void {
  clearSessionCookie(response);
  response.clearCookie(REFRESH_COOKIE, attributes(response));
}

export function readRefreshCookie(request: Request): string | undefined {
  return readSessionCookie(request, REFRESH_COOKIE);
}

/** A cookie of ours for as long as the browser is open. */
export function setVisitCookie(response: Response, id: string): void {
  response.cookie(VISIT_COOKIE, id, attributes(response));
}

function attributes(response: Response) {
  // On this machine pages come over plain http, where a browser would drop a Secure cookie.
  return { httpOnly: true, sameSite: 'lax', secure: response.req.secure, path: '/' } as const;
}
