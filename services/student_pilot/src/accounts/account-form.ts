import type { SafeHtml } from '@scholar/runtime/http';
import { CHANGE_PASSWORD_PATH, type CredentialsForm } from '@scholar/runtime/sign-in';

/** Where a visitor may be led after signing in: our own pages, never an address from outside. */
const PLACES = ['/', '/profile', '/matches', '/ask', '/my-data', CHANGE_PASSWORD_PATH] as const;

export type Place = (typeof PLACES)[number];

/** `above`: what is said before anything is typed. */
export type AccountForm = CredentialsForm & { next: Place; above?: SafeHtml | undefined };

/** The page to go on to: what was asked for when it is one of ours. */
export function placeOf(value: unknown, fallback: Place): Place {
  return PLACES.find((place) => place === value) ?? fallback;
}
