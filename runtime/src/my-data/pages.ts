import { card, field, html, notice, type SafeHtml } from '../http/index.ts';
import { CHANGE_PASSWORD_LINK } from '../sign-in/index.ts';

export const MY_DATA_TITLE = 'Your data';
export const UNAVAILABLE =
  'This is not possible just now: the accounts cannot be reached. Please try again in a moment.';

/** Which of the two forms is shown again, and what is wrong with it: of the password, or altogether. */
export type Again = { form: 'export' | 'erase'; password?: string; altogether?: string };

/** @param kept what this service keeps, in a sentence or two. */
export function myDataPage({ kept, again }: { kept: string; again?: Again | undefined }): SafeHtml {
  return html`<h1>${MY_DATA_TITLE}</h1>
<p class="lead">See everything that is kept about you, or have it deleted. Both need your password, so that nobody else can do it in your name.</p>
<p>${kept}</p>
<div class="grid">
${card(passwordForm({ name: 'export', again, button: 'Download my data', hint: 'You get one file (JSON) with what every part of scholar keeps about you.' }), 'Take your data with you')}
${card(passwordForm({ name: 'erase', again, button: 'Delete my account', hint: 'Your account and what belongs to it are deleted everywhere. This cannot be taken back.' }), 'Delete your account')}
</div>
${CHANGE_PASSWORD_LINK}`;
}

function passwordForm(options: {
  name: Again['form'];
  again: Again | undefined;
  button: string;
  hint: string;
}): SafeHtml {
  const { name, button, hint } = options;
  const again = options.again?.form === name ? options.again : undefined;
  return html`<form method="post" action="/my-data/${name}" novalidate>
${again?.altogether && notice('bad', again.altogether)}
<p>${hint}</p>
${field({
  // Two fields of one page need two names for two labels.
  name: `${name}_password`,
  label: name === 'export' ? 'Your password' : 'Your password, to delete the account',
  type: 'password',
  autocomplete: 'current-password',
  required: true,
  error: again?.password,
})}
<button>${button}</button>
</form>`;
}
