import { card, field, html, notice, type SafeHtml } from '@scholar/runtime/http';
import { passwordField } from '@scholar/runtime/sign-in';
import type { Provider } from './provider.ts';

export type ClaimForm = {
  /** Without a name while our database is away. */
  provider: { id: Provider['id']; name: Provider['name'] | undefined };
  code: string;
  email: string;
  errors: Record<string, string | undefined>;
  /** Who is signed in as a provider needs no other account. */
  signedIn: boolean;
};

/** The form by which an organisation that a program registered gets an account. Works without scripts. */
export function claimPage({ provider, code, email, errors, signedIn }: ClaimForm): SafeHtml {
  return html`<h1>Give ${provider.name ?? 'your organisation'} an account</h1>
<p class="lead">Then you publish scholarships for it, and only you see its payments.</p>
${errors['form'] && notice('bad', errors['form'])}
${card(html`<form method="post" action="/providers/${provider.id}/claim" novalidate>
${field({ name: 'code', label: 'Code', required: true, autocomplete: 'off', value: code, error: errors['code'], hint: 'Whoever registered the organisation was told it.' })}
${!signedIn && field({ name: 'email', label: 'E-mail address', type: 'email', required: true, autocomplete: 'email', value: email, error: errors['email'] })}
${!signedIn && passwordField({ newPassword: true, error: errors['password'] })}
<button>Make it mine</button>
</form>`)}
<p><a href="/providers/${provider.id}">${provider.name ?? 'Its page'}</a></p>`;
}
