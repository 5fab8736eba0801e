import { field, html, type SafeHtml } from '../http/index.ts';
import type { Credentials } from './accounts-api.ts';
import type { AccountErrors } from './refusal.ts';

/** What is said where a session may be good, and scholar_auth cannot be asked. */
export const UNCHECKED =
  'Your session cannot be checked just now: the accounts cannot be reached. You are not signed out; please try again in a moment.';

/** What is said where scholar_auth cannot be asked. */
export const UNAVAILABLE =
  'Signing in and signing up are not possible just now: the accounts cannot be reached. Please try again in a moment.';

/** What the form shows again. The password is never sent back. */
export type CredentialsForm = { email: string; errors: AccountErrors };

export const NOT_AN_ADDRESS = 'Enter your e-mail address, such as name@example.org.';

/** Whether a text may be an e-mail address; scholar_auth judges it properly. */
export function isAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text);
}

/** Judges a form before scholar_auth is asked: what is plainly missing costs no request. */
export function readCredentials(body: unknown): Credentials & { errors: AccountErrors } {
  const email = textOf(body, 'email').trim();
  const password = textOf(body, 'password');
  const errors: AccountErrors = {};
  if (!isAddress(email)) errors.email = NOT_AN_ADDRESS;
  if (password === '') errors.password = 'Enter a password.';
  return { email, password, errors };
}

export function hasErrors(errors: object): boolean {
  return Object.keys(errors).length > 0;
}

/** A field of a form as text; what is missing, came twice or is nested is the empty text. */
export function textOf(body: unknown, name: string): string {
  if (typeof body !== 'object' || body === null) return '';
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : '';
}

/** The two fields by which somebody signs in or, with a new password, signs up. */
export function credentialFields(form: CredentialsForm, { newPassword }: { newPassword: boolean }): SafeHtml {
  return html`${field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email', required: true, value: form.email, error: form.errors.email })}
${passwordField({ newPassword, error: form.errors.password })}`;
}

/** A password is asked for anew each time: no page carries one. */
export function passwordField(options: {
  newPassword: boolean;
  error?: string | undefined;
  /** Two fields of one page need two names for two labels. */
  name?: string;
  label?: string;
}): SafeHtml {
  const { newPassword, error, name = 'password', label = 'Password' } = options;
  return field({
    name,
    label,
    type: 'password',
    autocomplete: newPassword ? 'new-password' : 'current-password',
    required: true,
    hint: newPassword
      ? 'At least 12 characters, and none that is known from leaks; a few words that only you put together are best.'
      : undefined,
    error,
  });
}
