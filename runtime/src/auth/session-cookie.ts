import type { Request, Response } from 'express';

/** The cookie in which a page service keeps the access token of who signed in. */
export const SESSION_COOKIE = 'scholar_session';

/** The access token of the session cookie; undefined without one. */
export function readSessionCookie(
  request: Pick<Request, 'headers'>,
  name = SESSION_COOKIE,
): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, ...rest] = pair.split('=');
    if (key?.trim() !== name) continue;
    // A token is base64url and dots: whatever needs decoding is no token of ours.
    const value = rest.join('=').trim();
    return value === '' ? undefined : value;
  }
  return undefined;
}

/**
 * Keeps an access token in a cookie that scripts cannot read and other sites' forms do not send.
 * @param options.maxAgeS seconds until the browser forgets it.
 */
export function setSessionCookie(response: Response, token: string, options: { maxAgeS: number }): void {
  response.cookie(SESSION_COOKIE, token, {
    ...attributes(response),
    maxAge: options.maxAgeS * 1_000,
    encode: String,
  });
}

/** Ends the session in this browser. */
export function clearSessionCookie(response: Response): void {
  response.clearCookie(SESSION_COOKIE, attributes(response));
}

function attributes(response: Response) {
  // On this machine pages come over plain http, where a browser would drop a Secure cookie.
  return { httpOnly: true, sameSite: 'lax', secure: response.req.secure, path: '/' } as const;
}
