import { type Express, html, notice, type RequestHandler, type SafeHtml } from '@scholar/runtime/http';
import {
  afterSignIn,
  type CredentialsForm,
  changedNotice,
  changePasswordRoutes,
  clearSession,
  credentialFields,
  FORGOTTEN_LINK,
  forgottenPasswordRoutes,
  hasErrors,
  readCredentials,
  readRefreshCookie,
  setSession,
  UNAVAILABLE,
} from '@scholar/runtime/sign-in';
import { showPage } from '../pages/show-page.ts';
import { type Accounting, signInProvider } from './open-account.ts';

const PLACE = '/login';

/** GET and POST /login, /password/forgot and /password/change, POST /logout: the session of a provider, which leads to the list of scholarships by 303. */
export function signInRoutes(app: Express, deps: Accounting & { fromHere: RequestHandler }): void {
  app.get(PLACE, (request, response) => {
    const body = loginPage({ email: '', errors: {} }, changedNotice(request));
    showPage(response, { title: 'Sign in', body, path: PLACE });
  });

  app.post(PLACE, deps.fromHere, async (request, response) => {
    const { errors, ...credentials } = readCredentials(request.body);
    const again = (form: CredentialsForm, status: number) =>
      showPage(response, { title: 'Sign in', body: loginPage(form), path: PLACE, status });
    if (hasErrors(errors)) return again({ email: credentials.email, errors }, 422);
    const session = await signInProvider(deps, credentials, { ip: request.ip });
    if (session.kind === 'refused') return again({ email: credentials.email, errors: session.errors }, 422);
    // 200: the page itself works, and what was typed is kept.
    if (session.kind === 'unavailable')
      return again({ email: credentials.email, errors: { form: UNAVAILABLE } }, 200);
    setSession(response, session.tokens);
    response.redirect(303, afterSignIn(session, '/scholarships'));
  });

  const shared = { accounts: deps.accounts, fromHere: [deps.fromHere], show: showPage };
  forgottenPasswordRoutes(app, shared);
  changePasswordRoutes(app, { ...shared, signIn: PLACE });

  app.post('/logout', deps.fromHere, async (request, response) => {
    const refreshToken = readRefreshCookie(request);
    // The browser forgets the session whether or not scholar_auth can be told.
    clearSession(response);
    if (refreshToken) await deps.accounts.logOut(refreshToken);
    response.redirect(303, '/');
  });
}

function loginPage(form: CredentialsForm, above?: SafeHtml): SafeHtml {
  return html`<h1>Sign in</h1>
${above}
<form class="card" method="post" action="${PLACE}" novalidate>
${form.errors.form && notice('bad', form.errors.form)}
${credentialFields(form, { newPassword: false })}
<button>Sign in</button>
</form>
${FORGOTTEN_LINK}
<p>New here? <a href="/">Register your organisation</a>.</p>`;
}
