import { html, notice, type SafeHtml } from '@scholar/runtime/http';
import { credentialFields, FORGOTTEN_LINK } from '@scholar/runtime/sign-in';
import type { AccountForm, Place } from './account-form.ts';

export function signupPage(form: AccountForm): SafeHtml {
  return html`<h1>Make your account</h1>
<p class="lead">Free, and done in a minute. Then tell us about your studies and see what fits.</p>
${accountForm({ form, action: '/signup', button: 'Make my account', newPassword: true })}
<p class="fine">We keep your address to let you in and to write to you about your account, and what you tell us about your studies to find what fits you. You can take all of it with you, or have it deleted, under “Your data”.</p>
<p>You have an account? <a href="${withNext('/login', form.next)}">Sign in</a>.</p>`;
}

export function loginPage(form: AccountForm): SafeHtml {
  return html`<h1>Sign in</h1>
${form.above}
${accountForm({ form, action: '/login', button: 'Sign in', newPassword: false })}
${FORGOTTEN_LINK}
<p>New here? <a href="${withNext('/signup', form.next)}">Make an account</a>.</p>`;
}

/** A path that remembers where its visitor was going. */
export function withNext(path: '/login' | '/signup', next: Place): string {
  return next === '/' ? path : `${path}?next=${encodeURIComponent(next)}`;
}

function accountForm(options: {
  form: AccountForm;
  action: string;
  button: string;
  newPassword: boolean;
}): SafeHtml {
  const { form, action, button, newPassword } = options;
  return html`<form class="card" method="post" action="${action}">
${form.errors.form && notice('bad', form.errors.form)}
<input type="hidden" name="next" value="${form.next}">
${credentialFields(form, { newPassword })}
<button>${button}</button>
</form>`;
}
