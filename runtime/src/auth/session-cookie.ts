import type { Request, Response } from 'express';

/** The cookie in which a page service keeps the access token of who signed in; over https with the prefix. */
export const SESSION_COOKIE = 'scholar_session';

/** What is read of a request: its cookies, and whether it came over https. */
export type Asked = Pick<Request, 'headers'> & Partial<Pick<Request, 'secure'>>;

/**
 * The name of a cookie that holds a token. Over https browsers take one of this prefix only from the host itself, over
 * https, so neither a sister domain nor a network can put in its own (RFC 6265bis, section 4.1.3.2).
 */
export function hostCookie(name: string, { secure = false }: { secure?: boolean | undefined }): string {
  return secure ? `__Host-${name}` : name;
}

/** The access token of the session cookie; undefined without one. */
export function readSessionCookie(request: Asked): string | undefined {
  return readCookie(request, hostCookie(SESSION_COOKIE, request));
}

/** A cookie that holds a token or a word of ours; undefined without one. */
export function readCookie(request: Asked, name: string): string | undefined {
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
  response.cookie(hostCookie(SESSION_COOKIE, response.req), token, {
    ...attributes(response),
    maxAge: options.maxAgeS * 1_000,
    encode: String,
  });
}

/** Ends the session in this browser. */
export function clearSessionCookie(response: Response): void {
  response.clearCookie(hostCookie(SESSION_COOKIE, response.req), attributes(response));
}

function attributes(response: Response) {
  // On this machine pages come over plain http, where a browser would drop a Secure cookie.
  return { httpOnly: true, sameSite: 'lax', secure: response.req.secure, path: '/' } as const;
}
