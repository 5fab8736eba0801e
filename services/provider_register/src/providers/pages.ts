import { card, dataTable, type Field, field, html, notice, type SafeHtml } from '@scholar/runtime/http';
import { passwordField } from '@scholar/runtime/sign-in';
import type { Order } from '../orders/order.ts';
import { orderCard } from '../orders/order-page.ts';
import type { Payment } from '../payments/payment-store.ts';
import type { Provider } from './provider.ts';

export type FormState = {
  /** The id that the provider will have: the form sent twice is one provider. */
  id: string;
  values: Readonly<Record<string, unknown>>;
  errors: Readonly<Record<string, string>>;
  /** Who is signed in already needs no new account. */
  signedIn: boolean;
  /** It was right, but could not be stored: our database is away. */
  notStored?: boolean;
};

/** The first page: what this is, and the form. Works without scripts. */
export function onboardingPage(form: FormState): SafeHtml {
  const { errors, signedIn, notStored } = form;
  const failed = Object.keys(errors).some((name) => name !== 'form');
  return html`<h1>Offer a scholarship</h1>
<p class="lead">Register your organisation, pay the listing fee, and students will find your scholarship.</p>
${failed && notice('bad', 'Please correct what is marked below. Nothing has been stored yet.')}
${errors['form'] && notice('bad', errors['form'])}
${notStored && notice('bad', 'This could not be stored just now. What you entered is still below: please send it again in a moment. It counts once, however often you send it.')}
${card(html`<form method="post" action="/providers" novalidate>
<input type="hidden" name="id" value="${form.id}">
${textField(form, { name: 'name', label: 'Organisation', required: true, autocomplete: 'organization' })}
${textField(form, { name: 'email', label: 'E-mail address', type: 'email', required: true, autocomplete: 'email', hint: 'For questions about your listing and to sign in. It is never shown.' })}
${!signedIn && passwordField({ newPassword: true, error: errors['password'] })}
${textField(form, { name: 'website', label: 'Website (optional)', type: 'url', autocomplete: 'url' })}
${textField(form, { name: 'country', label: 'Country (optional)', autocomplete: 'country', hint: 'Two letters, such as US.' })}
<button>Register</button>
</form>`)}
<p class="fine">We keep what you enter here for your account, your listings and their receipts, and show your address to nobody. You can take it with you, or have it deleted, under “Your data”.</p>
${!signedIn && html`<p>You are registered? <a href="/login">Sign in</a>.</p>`}`;
}

/** A field of the form as it was sent: what was typed stays, and what is wrong stands beside it. */
function textField(form: FormState, input: Field): SafeHtml {
  const { name } = input;
  const value = form.values[name];
  const error = form.errors[name];
  return field({
    autocomplete: 'off',
    ...input,
    value: typeof value === 'string' ? value : '',
    error,
  });
}

export type ProviderPage = {
  provider: Provider & { hasAccount: boolean };
  payments: readonly Payment[];
  /** The latest one. */
  order: Order | undefined;
  price: string;
  /** What the payment page sent the provider back with. */
  returned: 'success' | 'cancel' | undefined;
};

/** A provider's own page: payments so far, and the way to the next one. */
export function providerPage({ provider, payments, order, price, returned }: ProviderPage): SafeHtml {
  return html`<h1>${provider.name}</h1>
${returnNotice(returned, { id: provider.id, order })}
${order !== undefined && orderCard(provider, order)}
${
  payments.length > 0 &&
  dataTable({
    caption: 'Payments',
    head: ['Paid on', 'Amount', 'Receipt'],
    rows: payments.map((payment) => [
      `${payment.created_at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      payment.refunded === null ? payment.amount : `${payment.amount}, ${payment.refunded} given back`,
      html`<a href="/providers/${provider.id}/payments/${payment.session_id}"><code>${payment.session_id.slice(-12)}</code></a>`,
    ]),
  })
}
${card(
  html`<p>A listing costs ${price}. You pay on Stripe's page and come back here.</p>
<form method="post" action="/providers/${provider.id}/checkout"><button>Pay for a listing</button></form>`,
  payments.length === 0 ? 'Pay for your first listing' : 'Another listing',
)}
${
  provider.hasAccount
    ? html`<p><a href="/scholarships">Your scholarships</a>: write one now, and publish it when its listing is paid.</p>`
    : html`<p>This organisation has no account yet: whoever knows this address sees this page, and nothing can be published. <a href="/providers/${provider.id}/claim">Give it an account</a>.</p>`
}`;
}

function returnNotice(
  returned: ProviderPage['returned'],
  { id, order }: { id: string; order: Order | undefined },
): SafeHtml | false {
  if (returned === 'cancel') return notice('info', 'You have not paid. You can do so whenever you like.');
  if (returned !== 'success') return false;
  return order?.attempt.payment !== undefined
    ? notice(
        'good',
        html`Thank you. Your payment has arrived. <a href="/scholarships/new">Write your scholarship</a>.`,
      )
    : notice(
        'info',
        html`Thank you. Your payment is being confirmed, which takes a moment. <a href="/providers/${id}?checkout=success">Look again</a>.`,
      );
}
