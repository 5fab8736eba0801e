import { html, notice, type RequestHandler } from '@scholar/runtime/http';
import { UNCHECKED, visitorOf } from '@scholar/runtime/sign-in';
import { showPage } from '../pages/show-page.ts';
import { NOT_A_PROVIDER } from './open-account.ts';

/**
 * Lets on who is signed in with an account of a provider. Others are led to the sign-in; while sessions cannot be
 * checked a page says so, instead of pretending that nobody is there.
 */
export const onlyProviders: RequestHandler = (request, response, next) => {
  const { signedIn, principal, accessToken } = visitorOf(response);
  if (accessToken !== undefined && principal?.roles.includes('provider')) {
    next();
    return;
  }
  if (signedIn === 'no' || principal?.kind === 'canary') {
    response.redirect(303, '/login');
    return;
  }
  const text = signedIn === 'unavailable' ? UNCHECKED : NOT_A_PROVIDER;
  const body = html`<h1>Your scholarships</h1>${notice('bad', text)}`;
  const status = signedIn === 'unavailable' ? 200 : 403;
  showPage(response, { title: 'Your scholarships', path: request.path, body, status });
};
