import { html, notice, type SafeHtml } from '@scholar/runtime/http';
import { UNCHECKED, type Visitor } from '@scholar/runtime/sign-in';

/** Says that a session cannot be checked; nothing for everybody else. */
export function sessionNotice({ signedIn }: Visitor): SafeHtml | undefined {
  return signedIn === 'unavailable' ? notice('bad', UNCHECKED) : undefined;
}

/** Above a form of which nothing could be kept: our own database is away. */
export function notKept(): SafeHtml {
  const text =
    'This could not be kept just now, and nothing was done. What you entered is still below: please try again in a moment.';
  return notice('bad', text);
}

export function signOutForm(): SafeHtml {
  return html`<form method="post" action="/logout"><button class="quiet">Sign out</button></form>`;
}
