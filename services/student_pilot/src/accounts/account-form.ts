import type { Credentials } from './accounts-api.ts';
import type { AccountErrors } from './refusal.ts';

/** Where a visitor may be led after signing in: our own pages, never an address from outside. */
const PLACES = ['/', '/profile', '/matches', '/ask'] as const;

export type Place = (typeof PLACES)[number];

/** What the form shows again. The password is never sent back. */
export type AccountForm = { email: string; next: Place; errors: AccountErrors };

/** The page to go on to: what was asked for when it is one of ours. */
export function placeOf(value: unknown, fallback: Place): Place {
  return PLACES.find((place) => place === value) ?? fallback;
}

/** Judges a form before scholar_auth is asked: what is plainly missing costs no request. */
export function readCredentials(body: unknown): Credentials & { errors: AccountErrors } {
  const email = textOf(body, 'email').trim();
  const password = textOf(body, 'password');
  const errors: AccountErrors = {};
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) errors.email = 'Enter your e-mail address, such as name@example.org.';
  if (password === '') errors.password = 'Enter a password.';
  return { email, password, errors };
}

export function hasErrors(errors: AccountErrors): boolean {
  return Object.keys(errors).length > 0;
}

export function textOf(body: unknown, name: string): string {
  if (typeof body !== 'object' || body === null) return '';
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : '';
}
