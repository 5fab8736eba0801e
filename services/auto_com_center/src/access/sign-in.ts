import {
  card,
  field,
  HttpProblem,
  html,
  notice,
  type Request,
  type RequestHandler,
  type Response,
  sendPage,
} from '@scholar/runtime/http';
import { csrfTokenOf, isCsrfToken } from './csrf-token.ts';
import { keepsCookies, readSessionCookie, readSignInCookie, setSignInCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

const REFUSED = {
  unauthorized: 'This key is not in the key ring, or it has expired.',
  forbidden: 'This key is not a read key. Use one whose ring entry has the role "read".',
} as const;

const SECRET = /^[A-Za-z0-9_-]{43}$/;

export type SignInShown = {
  refused?: keyof typeof REFUSED;
  /** Where to go on afterwards: a path of ours. */
  to?: string;
};

export type SignInDeps = { sessions: Sessions; randomBytes: (size: number) => Buffer };

/** Lets a signed-in person pass to a page; anybody else gets the form, which leads on to the same page. */
export function requirePerson(deps: SignInDeps): RequestHandler {
  return async (request, response, next) => {
    response.set('cache-control', 'no-store');
    if (await deps.sessions.holds(readSessionCookie(request))) next();
    else sendSignIn(request, response, { deps, shown: { to: request.originalUrl } });
  };
}

/** The form that takes a read key. With `refused` it says why the last one did not do (401 or 403). */
export function sendSignIn(
  request: Request,
  response: Response,
  { deps, shown }: { deps: Pick<SignInDeps, 'randomBytes'>; shown: SignInShown },
): void {
  const { refused, to = '/' } = shown;
  const form = html`<form method="post" action="/session">
<input type="hidden" name="csrf" value="${csrfTokenOf(signInSecret(request, response, deps))}">
<input type="hidden" name="to" value="${ownPath(to)}">
${field({
  name: 'key',
  label: 'Read key',
  type: 'password',
  required: true,
  autocomplete: 'off',
  hint: 'Locally: the content of secrets/supervisor/A8_READ_KEY in the state folder (.scholar).',
  error: refused && REFUSED[refused],
})}
<button type="submit">Sign in</button>
</form>`;
  const plain = notice(
    'bad',
    'This page came by plain http from another machine: a browser keeps no session of it. Use https, or a port-forward to 127.0.0.1.',
  );
  const body = html`<h1>Source of truth</h1>
<p class="lead">What the seven apps reported, what was proven, and how fast it was stored.</p>
${!keepsCookies(request) && plain}${refused && notice('bad', REFUSED[refused])}
${card(form, 'Sign in')}`;
  const status = refused === 'forbidden' ? 403 : refused === undefined && to === '/' ? 200 : 401;
  sendPage(response, { title: 'Sign in', service: 'A8 HQ', body }, status);
}

/** @throws HttpProblem 403 where a form does not carry the token of the cookie that came with it. */
export function checkCsrf(token: unknown, secret: string | undefined): void {
  if (isCsrfToken(token, secret)) return;
  const detail = 'The form is not of this browser, or too old. Open the page again, then send it.';
  throw new HttpProblem({ status: 403, code: 'cross_site_request', detail });
}

/** A path of this site, or the first page: an address of elsewhere would make the form an open redirect. */
export function ownPath(to: string): string {
  return /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(to) && !/[\\]/.test(to) ? to : '/';
}

/** One secret a browser, so that two tabs with the form do not spoil each other's. */
function signInSecret(
  request: Request,
  response: Response,
  { randomBytes }: Pick<SignInDeps, 'randomBytes'>,
): string {
  const known = readSignInCookie(request);
  const secret = known !== undefined && SECRET.test(known) ? known : randomBytes(32).toString('base64url');
  setSignInCookie(request, response, secret);
  return secret;
}
