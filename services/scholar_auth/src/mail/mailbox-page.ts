import { card, type Express, html, type SafeHtml, sendPage } from '@scholar/runtime/http';
import type { KeptLetter } from './mailbox.ts';

/** GET /mailbox: the mails that would have been sent, newest first, with links to follow. Only where mails land here. */
export function mailboxPage(app: Express, letters: () => Promise<KeptLetter[]>): void {
  app.get('/mailbox', async (_request, response) => {
    const kept = await letters();
    const body = html`<h1>Mailbox</h1>
<p>Mails of this machine. None of them has left it.</p>
${kept.length === 0 && html`<p>There is no mail.</p>`}${kept.map(letterCard)}`;
    response.set('cache-control', 'no-store');
    sendPage(response, { title: 'Mailbox', service: 'Accounts', body });
  });
}

function letterCard({ to, subject, text, sentAt }: KeptLetter): SafeHtml {
  const lines = text.split('\n').map((line) => {
    const link = /^https?:\/\/\S+$/u.test(line) ? html`<a href="${line}">${line}</a>` : line;
    return html`${link}<br>`;
  });
  return card(html`<p>To ${to}, <time>${sentAt.toISOString()}</time></p><p>${lines}</p>`, subject);
}
