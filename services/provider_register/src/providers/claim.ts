import { createHash, randomBytes } from 'node:crypto';
import { unlessAway } from '@scholar/runtime/away';
import { type Express, HttpProblem, type Response } from '@scholar/runtime/http';
import { afterSignIn, setSession, textOf, UNAVAILABLE } from '@scholar/runtime/sign-in';
import { accountOf, isProvider } from '../accounts/account-of.ts';
import { showPage } from '../pages/show-page.ts';
import { type ClaimForm, claimPage } from './claim-page.ts';
import { ownProvider } from './own-provider.ts';
import { claimProvider, isClaimable } from './provider-store.ts';
import type { RegisterFormDeps } from './register-form.ts';

/** A code that nobody guesses, and what is kept of it: whoever reads our database cannot claim with that. */
export function newClaim(): { code: string; sha256: Buffer } {
  const code = randomBytes(32).toString('base64url');
  return { code, sha256: sha256Of(code) };
}

function sha256Of(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}

const PLACE = '/providers/:id/claim';

/**
 * GET and POST /providers/:id/claim: a provider that a program registered gets an account, by the code that the program was
 * told; 303 to its page, or the form again: 422 with what is wrong, 200 while scholar_auth, 503 while our database is away.
 * 409 where it has an account already.
 */
export function claimRoute(app: Express, deps: RegisterFormDeps): void {
  app.get(PLACE, async (request, response) => {
    const provider = await ownProvider(deps, request, response);
    if (provider.hasAccount) throw claimed();
    showForm(response, { provider, code: '', email: '', errors: {} });
  });

  app.post(PLACE, deps.fromHere, async (request, response) => {
    const code = textOf(request.body, 'code').trim();
    const email = textOf(request.body, 'email').trim().toLowerCase();
    const password = textOf(request.body, 'password');
    let provider: ClaimForm['provider'] = { id: String(request.params['id']), name: undefined };
    const again = (errors: ClaimForm['errors'], status: number) =>
      showForm(response, { provider, code, email, errors }, status);

    const errors: ClaimForm['errors'] = {};
    const known = await unlessAway(async () => {
      const found = await ownProvider(deps, request, response);
      if (found.hasAccount) throw claimed();
      // Before an account is made: who cannot claim needs none.
      return { found, claimable: await isClaimable(deps.pool, found.id, sha256Of(code)) };
    });
    if (known === undefined) return again({ form: NOT_NOW }, 503);
    provider = known.found;
    const { id } = known.found;
    if (!known.claimable) errors['code'] = WRONG_CODE;
    if (!isProvider(response) && email === '') errors['email'] = 'Enter your e-mail address.';
    if (!isProvider(response) && password === '') errors['password'] = 'Choose a password.';
    if (Object.keys(errors).length > 0) return again(errors, 422);

    const account = await accountOf(deps, request, response, { email, password });
    if (account.kind === 'unavailable') return again({ form: UNAVAILABLE }, 200);
    if (account.kind === 'refused') return again(account.errors, 422);
    if (account.tokens) setSession(response, account.tokens);
    const { userId } = account;
    const done = await unlessAway(async () => ({
      outcome: await claimProvider(deps.pool, { id, claimSha256: sha256Of(code), userId }),
    }));
    if (done === undefined) return again({ form: NOT_NOW }, 503);
    if (done.outcome === 'taken') throw claimed();
    if (done.outcome === 'has_another') return again({ form: HAS_ANOTHER }, 422);
    response.redirect(303, afterSignIn(account, `/providers/${id}`));
  });
}

const WRONG_CODE = 'This is not the code of this organisation. It was told to whoever registered it.';
const HAS_ANOTHER = 'Your account has an organisation already. Use another account for this one.';
const NOT_NOW = 'This could not be stored just now: please send it again in a moment.';

function claimed(): HttpProblem {
  return new HttpProblem({
    status: 409,
    code: 'already_claimed',
    detail: 'This organisation has an account. Sign in with it.',
  });
}

function showForm(response: Response, form: Omit<ClaimForm, 'signedIn'>, status = 200): void {
  const body = claimPage({ ...form, signedIn: isProvider(response) });
  showPage(response, { title: 'Give it an account', path: '', body, status });
}
