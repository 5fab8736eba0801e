import type { CredentialsForm } from '@scholar/runtime/sign-in';

/** Where a visitor may be led after signing in: our own pages, never an address from outside. */
const PLACES = ['/', '/profile', '/matches', '/ask', '/my-data'] as const;

export type Place = (typeof PLACES)[number];

export type AccountForm = CredentialsForm & { next: Place };

/** The page to go on to: what was asked for when it is one of ours. */
export function placeOf(value: unknown, fallback: Place): Place {
  return PLACES.find((place) => place === value) ?? fallback;
}
