import type { Principal } from '@scholar/runtime/auth';
import type { Request, Response } from '@scholar/runtime/http';
import { html } from '@scholar/runtime/http';
import { visitorOf } from '@scholar/runtime/sign-in';
import type { Place } from '../accounts/account-form.ts';
import { withNext } from '../accounts/account-pages.ts';
import type { Content, Render, Rendered } from '../pages/pages.ts';
import { sessionNotice } from '../pages/session-notice.ts';

/**
 * A page for who is signed in. Others are led to the sign-in and back; while sessions cannot be checked the page says so
 * instead of pretending that nobody is there.
 */
export function onlySignedIn(
  place: Place,
  title: string,
  render: (principal: Principal, request: Request, response: Response) => Rendered | Promise<Rendered>,
): Render {
  return (request, response) => {
    const visitor = visitorOf(response);
    if (visitor.principal) return render(visitor.principal, request, response);
    if (visitor.signedIn === 'unavailable') return waiting(title, response);
    return { redirect: withNext('/login', place) };
  };
}

function waiting(title: string, response: Response): Content {
  return { title, body: html`<h1>${title}</h1>${sessionNotice(visitorOf(response))}` };
}
