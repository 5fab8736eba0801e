import type { Request, Response } from '@scholar/runtime/http';
import { SESSION_HOURS } from './sessions.ts';

const SESSION = { name: 'a8_session', maxAgeMs: SESSION_HOURS * 3_600_000 };
/** Ties the sign-in form to the browser that it was shown to, before there is a session. */
const SIGN_IN = { name: 'a8_sign_in', maxAgeMs: 3_600_000 };

type Cookie = typeof SESSION;

/** The session id that a request's cookie holds, whatever it is worth. */
export const readSessionCookie = (request: Request): string | undefined => read(request, SESSION);
export const readSignInCookie = (request: Request): string | undefined => read(request, SIGN_IN);

/** HttpOnly and SameSite=Strict always; Secure, and of this host alone (`__Host-`), everywhere but on this very machine. */
export const setSessionCookie = (request: Request, response: Response, id: string): void =>
  set(request, response, { cookie: SESSION, value: id });
export const setSignInCookie = (request: Request, response: Response, secret: string): void =>
  set(request, response, { cookie: SIGN_IN, value: secret });

export function clearSessionCookie(request: Request, response: Response): void {
  for (const name of namesOf(request, SESSION)) response.clearCookie(name, attributes(request));
}

/** Whether a browser keeps the cookie: it came by https (the ingress says so), or from this very machine. */
export function keepsCookies(request: Request): boolean {
  return request.secure || isLocal(request);
}

function read(request: Request, cookie: Cookie): string | undefined {
  const given = (request.get('cookie') ?? '').split(';').map((part) => part.trim().split('=', 2));
  const found = namesOf(request, cookie).map((name) => given.find(([key]) => key === name)?.[1]);
  return found.find((value) => value !== undefined);
}

function set(request: Request, response: Response, { cookie, value }: { cookie: Cookie; value: string }) {
  response.cookie(nameOf(request, cookie), value, { ...attributes(request), maxAge: cookie.maxAgeMs });
}

function attributes(request: Request) {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: isSecure(request) } as const;
}

/** Browsers take one of this prefix over https only, from the host itself (RFC 6265bis, section 4.1.3.2). */
function nameOf(request: Request, { name }: Cookie): string {
  return isSecure(request) ? `__Host-${name}` : name;
}

/**
 * Replicas of before the prefix set the bare name, so that it counts over https too while they are exchanged, behind the other.
 * Until the release after 0.1.0: without the prefix a sister domain can put in a cookie of its own.
 */
function namesOf(request: Request, cookie: Cookie): string[] {
  return [...new Set([nameOf(request, cookie), cookie.name])];
}

function isSecure(request: Request): boolean {
  return request.secure || !isLocal(request);
}

function isLocal(request: Request): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(request.hostname ?? '');
}
