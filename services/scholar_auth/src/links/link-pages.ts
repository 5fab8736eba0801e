import { field, html, notice, type Response, type SafeHtml, sendPage } from '@scholar/runtime/http';
import { mailboxNote, NO_LINK_NOTICE } from '@scholar/runtime/sign-in';

const SERVICE = 'Accounts';

function show(response: Response, title: string, body: SafeHtml, status = 200): void {
  // The address of the page holds a token: no cache keeps it, and no other site is told of it.
  response.set({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  sendPage(response, { title, service: SERVICE, body: html`<h1>${title}</h1>${body}` }, status);
}

/** A button and not the link itself confirms: programs that look at links in mails press none. */
export function confirmPage(response: Response, token: string): void {
  const body = html`<form method="post" action="/verify-email">
<input type="hidden" name="token" value="${token}">
<button type="submit">Confirm my address</button></form>`;
  show(response, 'Confirm your e-mail address', body);
}

export function newPasswordPage(response: Response, token: string, error?: string): void {
  const body = html`<form method="post" action="/password/new">
<input type="hidden" name="token" value="${token}">
${field({ name: 'password', label: 'New password', type: 'password', required: true, autocomplete: 'new-password', hint: 'At least 12 characters, and none that is known from leaks; a few words that only you put together are best.', error })}
<button type="submit">Set my password</button></form>`;
  show(response, 'Choose your password', body, error === undefined ? 200 : 422);
}

export function askForMailPage(response: Response): void {
  const body = html`<p>We send a link to your address with which you choose a new one.</p>
<form method="post" action="/password/forgot">
${field({ name: 'email', label: 'E-mail address', type: 'email', required: true, autocomplete: 'username' })}
<button type="submit">Send me the link</button></form>`;
  show(response, 'Forgotten password', body);
}

/** @param mailbox where mails land that do not leave this machine. */
export function sentPage(response: Response, text: string, mailbox: string | undefined): void {
  show(response, 'Look into your mail', html`${notice('good', text)}${mailboxNote(mailbox)}`);
}

export function noMailPage(response: Response, status = 200): void {
  const body = html`${NO_LINK_NOTICE}
<p>Tell whoever runs this site. When it can send mails (<code>SMTP_URL</code> and <code>PUBLIC_URL</code> of scholar_auth), come back to this page.</p>`;
  show(response, 'Forgotten password', body, status);
}

export function deadLinkPage(response: Response): void {
  const body = html`${notice('bad', 'It was used already, is too old, or is not complete.')}
<p><a href="/password/forgot">Ask for a new link</a></p>`;
  show(response, 'This link does not work any more', body, 410);
}

export function donePage(response: Response, title: string, text: string): void {
  show(response, title, notice('good', text));
}
