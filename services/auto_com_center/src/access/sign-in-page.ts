import { card, field, html, notice, type Response, sendPage } from '@scholar/runtime/http';

const REFUSED = {
  unauthorized: 'This key is not in the key ring, or it has expired.',
  forbidden: 'This key is not a read key. Use one whose ring entry has the role "read".',
} as const;

/** The form that takes a read key. With `refused` it says why the last one did not do (401 or 403). */
export function sendSignIn(response: Response, shown: { refused?: keyof typeof REFUSED } = {}): void {
  const { refused } = shown;
  const form = html`<form method="post" action="/session">
${field({
  name: 'key',
  label: 'Read key',
  type: 'password',
  required: true,
  autocomplete: 'off',
  hint: 'Locally: the content of keys/read.key in the state folder.',
})}
<button type="submit">Sign in</button>
</form>`;
  const body = html`<h1>Source of truth</h1>
<p class="lead">What the seven apps reported, what was proven, and how fast it was stored.</p>
${refused && notice('bad', REFUSED[refused])}
${card(form, 'Sign in')}`;
  const status = refused === undefined ? 200 : refused === 'forbidden' ? 403 : 401;
  sendPage(response, { title: 'Sign in', service: 'A8 HQ', body }, status);
}
