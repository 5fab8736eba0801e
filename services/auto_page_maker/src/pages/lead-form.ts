import { field, html, notice, type SafeHtml } from '@scholar/runtime/http';

/** What the visitor typed, kept when the form comes back, and what is wrong with it, by field. */
export type FormState = {
  values: { email?: string; name?: string };
  errors: { email?: string; name?: string; form?: string };
};

export const EMPTY_FORM: FormState = { values: {}, errors: {} };

/** Name of the field that people do not see; programs that fill in everything give themselves away. */
export const HONEYPOT = 'website';

/**
 * The lead form. Works without JavaScript: labels, the browser's own checks, and after a refusal the words of what is
 * wrong beside the field, tied to it for screen readers.
 */
export function leadForm(form: {
  state: FormState;
  token: string;
  page?: string | undefined;
  scholarshipId?: string | undefined;
}): SafeHtml {
  const { values, errors } = form.state;
  return html`<section class="card" id="lead">
<h2>Tell me about scholarships like this</h2>
<form method="post" action="/leads">
${errors.form && notice('bad', errors.form)}
<input type="hidden" name="form_token" value="${form.token}">
${form.page && html`<input type="hidden" name="page" value="${form.page}">`}
${form.scholarshipId && html`<input type="hidden" name="scholarship_id" value="${form.scholarshipId}">`}
<div hidden><label for="lead-website">Leave this empty</label>
<input id="lead-website" name="${HONEYPOT}" tabindex="-1" autocomplete="off"></div>
${field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email', required: true, value: values.email, error: errors.email })}
${field({ name: 'name', label: 'Your name (if you like)', autocomplete: 'name', value: values.name, error: errors.name })}
<p class="fine">We use your address to make your account and to write to you about scholarships.</p>
<button>Keep me posted</button>
</form>
</section>`;
}
