import type { Express, RequestHandler, Response } from 'express';
import { field, html, notice, type SafeHtml } from '../http/index.ts';
import type { Accounts } from './accounts-api.ts';
import { type CredentialsForm, isAddress, NOT_AN_ADDRESS, textOf, UNAVAILABLE } from './credentials-form.ts';
import { mailboxNote, NO_LINK_NOTICE } from './mail-notices.ts';

const PATH = '/password/forgot';
const TITLE = 'Forgotten password';

/** What stands below the form of a sign-in. */
export const FORGOTTEN_LINK = html`<p><a href="${PATH}">Forgot your password?</a></p>`;

type Page = { title: string; body: SafeHtml; path: string; status: number };

/**
 * GET and POST /password/forgot {email}: scholar_auth sends a link to the address, if it has an account. The answer is
 * the same either way.
 * @param deps.fromHere refuses forms that other sites made a browser send.
 */
export function forgottenPasswordRoutes(
  app: Express,
  deps: {
    accounts: Pick<Accounts, 'forgot'>;
    fromHere: RequestHandler[];
    show: (response: Response, page: Page) => void;
  },
): void {
  const show = (response: Response, body: SafeHtml, status = 200) =>
    deps.show(response, { title: TITLE, path: PATH, body: html`<h1>${TITLE}</h1>${body}`, status });

  app.get(PATH, (_request, response) => show(response, askForm({ email: '', errors: {} })));

  app.post(PATH, ...deps.fromHere, async (request, response) => {
    const email = textOf(request.body, 'email').trim();
    if (!isAddress(email)) return show(response, askForm({ email, errors: { email: NOT_AN_ADDRESS } }), 422);
    const outcome = await deps.accounts.forgot(email, { ip: request.ip });
    if (outcome.kind === 'ok')
      return show(response, outcome.mail === 'on its way' ? sent(outcome.mailbox) : NO_MAIL);
    if (outcome.kind === 'refused') return show(response, askForm({ email, errors: outcome.errors }), 422);
    // 200: the page itself works, and what was typed is kept.
    show(response, askForm({ email, errors: { form: UNAVAILABLE } }));
  });
}

function sent(mailbox: string | undefined): SafeHtml {
  return html`${notice('good', 'If there is an account with this address, a mail with a link is on its way. The link works for one hour.')}
${mailboxNote(mailbox)}`;
}

const NO_MAIL = html`${NO_LINK_NOTICE}
<p>Tell whoever runs this site. When it can send mails, come back to this page.</p>`;

function askForm({ email, errors }: CredentialsForm): SafeHtml {
  return html`<p>Tell us your address, and we send you a link with which you choose a new password.</p>
<form class="card" method="post" action="${PATH}">
${errors.form && notice('bad', errors.form)}
${field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email', required: true, value: email, error: errors.email })}
<button>Send me the link</button>
</form>`;
}
