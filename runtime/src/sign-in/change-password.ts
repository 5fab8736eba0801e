import type { Express, Request, RequestHandler, Response } from 'express';
import { html, notice, type SafeHtml } from '../http/index.ts';
import type { Accounts } from './accounts-api.ts';
import { hasErrors, passwordField, textOf, UNAVAILABLE } from './credentials-form.ts';
import { onlyPeople } from './only-people.ts';
import type { ChangeErrors } from './password-change.ts';
import { clearSession } from './session-cookies.ts';
import { visitorOf } from './visitor.ts';

export const CHANGE_PASSWORD_PATH = '/password/change';
const TITLE = 'Change your password';

/** What stands where people look for it. */
export const CHANGE_PASSWORD_LINK = html`<p><a href="${CHANGE_PASSWORD_PATH}">${TITLE}</a></p>`;

/** Where a sign-in leads: to another password first, where this one is known from leaks. */
export function afterSignIn(session: { passwordLeaked?: boolean | undefined }, place: string): string {
  return session.passwordLeaked ? `${CHANGE_PASSWORD_PATH}?leaked=1` : place;
}

/** Above the form of a sign-in, for who has just changed the password; nothing for everybody else. */
export function changedNotice({ query }: Request): SafeHtml | undefined {
  if (query['changed'] !== '1') return undefined;
  return notice('good', 'Your password is changed, and every session has ended. Sign in with the new one.');
}

type Page = { title: string; body: SafeHtml; path: string; status: number };
type Form = { errors: ChangeErrors; leaked: boolean; unanswered?: boolean };

/**
 * GET and POST /password/change {old_password, password}, for people who are signed in: scholar_auth ends every session,
 * and 303 leads to the sign-in. What is wrong is said beside its field: 422, or 429 with Retry-After after too many tries.
 * Who is not signed in is led there as well; a service is refused (403).
 * @param deps.fromHere refuses forms that other sites made a browser send.
 * @param deps.signIn where who is not signed in is led.
 */
export function changePasswordRoutes(
  app: Express,
  deps: {
    accounts: Pick<Accounts, 'changePassword'>;
    fromHere: RequestHandler[];
    show: (response: Response, page: Page) => void;
    signIn: string;
  },
): void {
  const show = (response: Response, form: Form, status = 200) =>
    deps.show(response, { title: TITLE, path: CHANGE_PASSWORD_PATH, body: changePage(form), status });

  app.get(CHANGE_PASSWORD_PATH, onlyPeople, (request, response) => {
    if (visitorOf(response).signedIn === 'no') response.redirect(303, deps.signIn);
    else show(response, { errors: {}, leaked: isLeaked(request) });
  });

  app.post(CHANGE_PASSWORD_PATH, ...deps.fromHere, onlyPeople, async (request, response) => {
    const { accessToken, signedIn } = visitorOf(response);
    const leaked = isLeaked(request);
    if (signedIn === 'unavailable') return show(response, { errors: { form: UNAVAILABLE }, leaked });
    if (accessToken === undefined) return response.redirect(303, deps.signIn);
    const { errors, ...change } = readChange(request.body);
    if (hasErrors(errors)) return show(response, { errors, leaked }, 422);
    const changed = await deps.accounts.changePassword({ ...change, accessToken }, { ip: request.ip });
    if (changed.kind === 'ok') {
      clearSession(response);
      return response.redirect(303, '/login?changed=1');
    }
    if (changed.kind === 'signed_out') return response.redirect(303, deps.signIn);
    // 200: the page itself works, and nothing but passwords was typed, which no page carries.
    if (changed.kind === 'unavailable')
      return show(response, { errors: { form: UNAVAILABLE }, leaked, unanswered: true });
    const { retryAfterS } = changed;
    if (retryAfterS !== undefined) response.set('retry-after', String(retryAfterS));
    show(response, { errors: changed.errors, leaked }, retryAfterS === undefined ? 422 : 429);
  });
}

/** Judges a form before scholar_auth is asked: what is plainly missing costs no request. */
function readChange(body: unknown): { oldPassword: string; password: string; errors: ChangeErrors } {
  const oldPassword = textOf(body, 'old_password');
  const password = textOf(body, 'password');
  const errors: ChangeErrors = {};
  if (oldPassword === '') errors.old = 'Enter your password as it is now.';
  if (password === '') errors.password = 'Enter a new password.';
  return { oldPassword, password, errors };
}

const isLeaked = ({ query }: Request): boolean => query['leaked'] === '1';

function changePage({ errors, leaked, unanswered }: Form): SafeHtml {
  return html`<h1>${TITLE}</h1>
${leaked && notice('bad', 'You are signed in, but your password is on lists of leaked passwords, so others can sign in with it as well. Choose another one now.')}
<p>When it is changed you are signed out everywhere, and sign in with the new one.</p>
<form class="card" method="post" action="${CHANGE_PASSWORD_PATH}${leaked && '?leaked=1'}">
${errors.form && notice('bad', errors.form)}
${unanswered && html`<p>If your old password is refused then, the new one holds already.</p>`}
${passwordField({ name: 'old_password', label: 'Old password', newPassword: false, error: errors.old })}
${passwordField({ label: 'New password', newPassword: true, error: errors.password })}
<button>Change my password</button>
</form>`;
}
