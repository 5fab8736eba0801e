import { clearSessionCookie, hostCookie, readCookie, setSessionCookie } from '../auth/index.ts';
import type { Request, Response } from '../http/index.ts';
import type { Tokens } from './accounts-api.ts';

/** The refresh token; the access token is in the session cookie of runtime's auth. */
export const REFRESH_COOKIE = 'scholar_refresh';

/** As long as scholar_auth's SESSION_TTL by default; scholar_auth decides, the browser only forgets. */
const REFRESH_MAX_AGE_MS = 30 * 86_400_000;

export function setSession(response: Response, tokens: Tokens): void {
  setSessionCookie(response, tokens.accessToken, { maxAgeS: tokens.expiresInS });
  response.cookie(hostCookie(REFRESH_COOKIE, response.req), tokens.refreshToken, {
    ...cookieAttributes(response),
    maxAge: REFRESH_MAX_AGE_MS,
    encode: String,
  });
}

export function clearSession(response: Response): void {
  clearSessionCookie(response);
  response.clearCookie(hostCookie(REFRESH_COOKIE, response.req), cookieAttributes(response));
}

export function readRefreshCookie(request: Request): string | undefined {
  return readCookie(request, hostCookie(REFRESH_COOKIE, request));
}

/** What every cookie of ours has: no script reads it and no form of another site sends it. */
export function cookieAttributes(response: Response) {
  // On this machine pages come over plain http, where a browser would drop a Secure cookie.
  return { httpOnly: true, sameSite: 'lax', secure: response.req.secure, path: '/' } as const;
}
