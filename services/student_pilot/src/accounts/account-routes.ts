import type { CanaryTokenOf } from '@scholar/runtime/auth';
import type { Express, Request, Response } from '@scholar/runtime/http';
import {
  type Accounts,
  afterSignIn,
  CHANGE_PASSWORD_PATH,
  type Credentials,
  changedNotice,
  changePasswordRoutes,
  clearSession,
  forgottenPasswordRoutes,
  hasErrors,
  readCredentials,
  readRefreshCookie,
  setSession,
  textOf,
  UNAVAILABLE,
} from '@scholar/runtime/sign-in';
import type { Pages } from '../pages/pages.ts';
import { type AccountForm, placeOf } from './account-form.ts';
import { loginPage, signupPage, withNext } from './account-pages.ts';

export type AccountRouteDeps = { pages: Pages; accounts: Accounts; canaryTokenOf: CanaryTokenOf };

type Kind = 'signup' | 'login';

/** Where a new account begins; the page says what the mail is about that is on its way. */
const WELCOME = '/profile?welcome=1';

const SHOWN = {
  signup: { path: '/signup', title: 'Make your account', body: signupPage, next: '/profile' },
  login: { path: '/login', title: 'Sign in', body: loginPage, next: '/' },
} as const;

/** GET and POST /signup, /login, /password/forgot and /password/change; POST /logout. A sign-in that worked leads on by 303. */
export function accountRoutes(app: Express, deps: AccountRouteDeps): void {
  for (const kind of ['signup', 'login'] as const) {
    const { path, title, body, next } = SHOWN[kind];
    deps.pages.get(app, path, (request) => {
      const above = kind === 'login' ? changedNotice(request) : undefined;
      const form: AccountForm = {
        email: '',
        next: placeOf(request.query['next'], next),
        errors: {},
        above,
      };
      return { title, body: body(form) };
    });
    app.post(path, (request, response) => submit(kind, { request, response, deps }));
  }

  // Forms of other sites are refused before any route.
  const shared = { accounts: deps.accounts, fromHere: [], show: deps.pages.show };
  forgottenPasswordRoutes(app, shared);
  changePasswordRoutes(app, { ...shared, signIn: withNext('/login', CHANGE_PASSWORD_PATH) });

  app.post('/logout', async (request, response) => {
    const refreshToken = readRefreshCookie(request);
    // The browser forgets the session whether or not scholar_auth can be told.
    clearSession(response);
    if (refreshToken) await deps.accounts.logOut(refreshToken);
    response.redirect(303, '/');
  });
}

type Exchange = { request: Request; response: Response; deps: AccountRouteDeps };

async function submit(kind: Kind, exchange: Exchange): Promise<void> {
  const { request, deps } = exchange;
  const next = placeOf(textOf(request.body, 'next'), SHOWN[kind].next);
  const { errors, ...credentials } = readCredentials(request.body);
  const form = { email: credentials.email, next, errors };
  if (hasErrors(errors)) return showAgain(kind, exchange, { form, status: 422 });
  if (kind === 'signup') {
    const caller = { ip: request.ip, canaryToken: deps.canaryTokenOf(request) };
    const made = await deps.accounts.signUp(credentials, caller);
    if (made.kind === 'refused')
      return showAgain(kind, exchange, { form: { ...form, errors: made.errors }, status: 422 });
    if (made.kind === 'unavailable') return showUnavailable(kind, exchange, form);
  }
  await signIn(kind, exchange, { form, credentials });
}

async function signIn(
  kind: Kind,
  exchange: Exchange,
  { form, credentials }: { form: AccountForm; credentials: Credentials },
): Promise<void> {
  const { request, response, deps } = exchange;
  const outcome = await deps.accounts.logIn(credentials, { ip: request.ip });
  if (outcome.kind === 'ok') {
    setSession(response, outcome.tokens);
    const place = kind === 'signup' && form.next === '/profile' ? WELCOME : form.next;
    response.redirect(303, afterSignIn(outcome, place));
    return;
  }
  if (kind === 'signup') {
    // The account is made; only the sign-in right after it failed.
    const errors = { form: 'Your account is made. Please sign in with it.' };
    return showAgain('login', exchange, { form: { ...form, errors }, status: 200 });
  }
  if (outcome.kind === 'refused')
    return showAgain(kind, exchange, { form: { ...form, errors: outcome.errors }, status: 422 });
  showUnavailable(kind, exchange, form);
}

/** 200: the page itself works, and what was typed is kept. */
function showUnavailable(kind: Kind, exchange: Exchange, form: AccountForm): void {
  showAgain(kind, exchange, { form: { ...form, errors: { form: UNAVAILABLE } }, status: 200 });
}

function showAgain(
  kind: Kind,
  { response, deps }: Exchange,
  { form, status }: { form: AccountForm; status: number },
): void {
  const { path, title, body } = SHOWN[kind];
  deps.pages.show(response, { path, title, body: body(form), status });
}
