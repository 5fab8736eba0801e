import { z } from 'zod';
import type { IsLeaked } from './leaked-passwords.ts';

/** OWASP ASVS 2.1.1 and 2.1.2, in characters. They hold for new passwords; older ones go on working. */
export const NEW_PASSWORD = { min: 12, max: 128 } as const;

/** What somebody who chose a leaked password reads, after "This has to be". */
export const NOT_LEAKED =
  'another password: this one is on lists of leaked passwords, which attackers try first. A few words that only you put together are best';

/** Characters as people count them, a row of spaces as one: twelve spaces are no password. */
export function passwordLength(password: string): number {
  return [...password.normalize('NFKC').replaceAll(/ {2,}/gu, ' ')].length;
}

/** A password that is chosen: long enough, of any signs, and known from no leak. */
export function newPasswordSchema(isLeaked: IsLeaked) {
  const { min, max } = NEW_PASSWORD;
  return z
    .string({ error: 'a password' })
    .refine((text) => [...text].length <= max, { error: `at most ${max} characters`, abort: true })
    .refine((text) => passwordLength(text) >= min, { error: `at least ${min} characters`, abort: true })
    .refine((text) => !isLeaked(text), { error: NOT_LEAKED });
}
