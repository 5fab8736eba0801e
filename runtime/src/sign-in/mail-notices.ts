import { html, notice, type SafeHtml } from '../http/index.ts';

/** For who forgot the password, where no mail can be sent. */
export const NO_LINK_NOTICE = notice(
  'bad',
  'No link can be sent: mail is not set up here. Your password is as it was.',
);

/** Where a mail is that does not leave this machine; nothing where mails do. @param mailbox address of the page */
export function mailboxNote(mailbox: string | undefined): SafeHtml | undefined {
  if (!mailbox) return undefined;
  return html`<p>Mails do not leave this machine: it is in <a href="${mailbox}">its mailbox</a>.</p>`;
}
