import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * What a form must carry beside a cookie: a digest of the cookie's secret. A page of another site can make a browser
 * send the cookie, but can read neither it (HttpOnly) nor our pages; the token opens nothing by itself.
 * (OWASP CSRF Prevention Cheat Sheet, token bound to the session.)
 */
export function csrfTokenOf(secret: string): string {
  return createHash('sha256').update(`csrf ${secret}`).digest('base64url');
}

/** Whether a form's token belongs to the cookie that came with it. */
export function isCsrfToken(token: unknown, secret: string | undefined): boolean {
  if (secret === undefined || typeof token !== 'string') return false;
  const expected = Buffer.from(csrfTokenOf(secret));
  const got = Buffer.from(token);
  return got.length === expected.length && timingSafeEqual(got, expected);
}
