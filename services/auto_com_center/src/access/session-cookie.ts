import type { Request, Response } from '@scholar/runtime/http';
import { SESSION_HOURS } from './sessions.ts';

const NAME = 'a8_session';

/** The session id that a request's cookie holds, whatever it is worth. */
export function readSessionCookie(request: Request): string | undefined {
  for (const part of (request.get('cookie') ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === NAME) return value;
  }
  return undefined;
}

/** HttpOnly and SameSite=Strict always; Secure where the browser came by https (the ingress says so). */
export function setSessionCookie(request: Request, response: Response, id: string): void {
  response.cookie(NAME, id, { ...attributes(request), maxAge: SESSION_HOURS * 3_600_000 });
}

export function clearSessionCookie(request: Request, response: Response): void {
  response.clearCookie(NAME, attributes(request));
}

function attributes(request: Request) {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: request.secure } as const;
}
